# What the helper prints stays in its place; its calls hang on nothing.
# must: max(t)
import asyncio

import hermod


async def shout(text):
    category = await hermod.call("classify", text=text)
    print("found", category)
    return category.upper()


async def main():
    print([await shout(text) for text in ["a", "b", "c"]])


asyncio.run(main())
