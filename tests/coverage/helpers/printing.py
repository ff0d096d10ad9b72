# The helper prints what it finds; its calls hang on nothing.
# must: max(t)
import asyncio

import hermod


async def show(text):
    category = await hermod.call("classify", text=text)
    print(text, "is", category)


async def main():
    await show("letter")
    await show("invoice")
    for text in ["poster", "ticket"]:
        await show(text)


asyncio.run(main())
