import asyncio

import hermod


async def check(page):
    kind = await hermod.call("classify", text=page)
    if kind < "m":
        raise ValueError(kind)
    return kind


async def main():
    label = await hermod.call("classify", text="label")
    pairs = [(await hermod.call("summarize", text=x), await check(x)) for x in ["a", "b"]]
    print(label, pairs)


asyncio.run(main())
