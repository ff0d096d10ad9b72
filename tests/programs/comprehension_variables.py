import asyncio

import hermod


async def main():
    x = "keep"
    cs = [await hermod.call("classify", text=x) for x in ["a", "b"]]
    print(x, cs)
    ds = {await hermod.call("classify", text=y) for y in ["a", "b"]}
    print(sorted(ds))
    es = [(i, await hermod.call("classify", text=z)) for i, z in enumerate(cs) if await hermod.call("price", item=z) > 5]
    print(es)


asyncio.run(main())
