import asyncio

import hermod


async def main():
    d = {"a": 1, "b": 2}
    while d:
        k, v = d.popitem()
        print(k, await hermod.call("classify", text=k))
    print(d)


asyncio.run(main())
