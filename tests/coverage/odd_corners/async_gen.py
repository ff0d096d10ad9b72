import asyncio

import hermod


async def gen(texts):
    for t in texts:
        c = await hermod.call("classify", text=t)
        print("yielding", c)
        yield c


async def main():
    async for c in gen(["a", "b"]):
        print(c, await hermod.call("summarize", text=c))
    print(await hermod.call("embed", text="x"))


asyncio.run(main())
