import asyncio

import hermod


async def main():
    names = ["classify", "summarize"]
    for n in names:
        print(await hermod.call(n, text="a"))


asyncio.run(main())
