import asyncio

import hermod


async def f(t):
    try:
        c = await hermod.call("classify", text=t)
        if c > "h":
            return c
        s = await hermod.call("summarize", text=t)
    except hermod.CallError as e:
        return str(e)
    d = await hermod.call("price", item=t)
    return f"{s}{d}"


async def main():
    for t in ["a", "b", "c"]:
        print(await f(t))


asyncio.run(main())
