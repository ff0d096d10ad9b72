import asyncio

import hermod


async def main():
    d = {"a": "b"}
    ks = d.items()
    a = await hermod.call("classify", text="x")
    d[a] = a
    b = await hermod.call("classify", text=f"{ks}")
    print(b)


asyncio.run(main())
