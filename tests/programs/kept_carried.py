import asyncio

import hermod


async def main():
    text = "start"
    for step in range(3):
        text = await hermod.call("summarize", text=text)
        print(step, text)


asyncio.run(main())
