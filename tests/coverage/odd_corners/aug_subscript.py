import asyncio

import hermod


async def main():
    d = {"a": 0}

    def bump():
        d["a"] += 10

    d["a"] += len(await hermod.call("classify", text="a"))
    d["a"] += len(await hermod.call("classify", text="b"))
    print(d)


asyncio.run(main())
