import asyncio

import hermod


def pairs(texts):
    for i, t in enumerate(texts):
        yield i, t


async def main():
    for i, t in pairs(["a", "b"]):
        print(i, await hermod.call("classify", text=t))


asyncio.run(main())
