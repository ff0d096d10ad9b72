import asyncio

import hermod


async def main():
    d = {"a": "b"}
    ks = d.values()
    a = await hermod.call("classify", text="x")
    d["q"] = "z"
    b = await hermod.call("classify", text=f"{ks}")
    print(b)


asyncio.run(main())
