import asyncio

import hermod


async def main():
    d = {"a": "x"}
    a = await hermod.call("classify", text=d["a"])
    d["a"] = "y"
    b = await hermod.call("classify", text=d["a"])
    d.update(a="z")
    c = await hermod.call("classify", text=d["a"])
    d.clear()
    print(a, b, c, d)


asyncio.run(main())
