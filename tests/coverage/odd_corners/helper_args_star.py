import asyncio

import hermod


async def ask(*ts, sep="-"):
    return await hermod.call("classify", text=sep.join(ts))


async def main():
    xs = ["a", "b"]
    print(await ask(*xs))
    xs.append("c")
    print(await ask(*xs, sep="+"))


asyncio.run(main())
