import asyncio

import hermod


async def f(xs, ys):
    a = await hermod.call("classify", text="".join(xs))
    ys.append("n")
    b = await hermod.call("classify", text="".join(xs))
    return a, b


async def main():
    xs = ["m"]
    print(await f(xs, xs))
    print(await f(["p"], ["q"]))


asyncio.run(main())
