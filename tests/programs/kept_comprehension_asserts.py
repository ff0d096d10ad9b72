import asyncio

import hermod


async def ask(x):
    r = await hermod.call("classify", text=x)
    assert r > "c"
    return r


async def main():
    ys = [await ask(x) for x in ["a", "b", "c"]]
    print(ys)


asyncio.run(main())
