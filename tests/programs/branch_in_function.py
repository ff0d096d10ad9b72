import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text="x")
    if category:
        summary = await hermod.call("summarize", text="x")
        german = await hermod.call("translate", text="x", language="de")
        print(summary, german)
    else:
        print("none")


asyncio.run(main())
