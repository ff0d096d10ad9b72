import asyncio

import hermod


async def main():
    xs = ["a", "b", "c"]
    xs[1:2] = await hermod.call("keywords", text="k")
    c = await hermod.call("classify", text="".join(xs))
    e = await hermod.call("embed", text=xs[0])
    print(xs, c, e)


asyncio.run(main())
