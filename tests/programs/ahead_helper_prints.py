import asyncio

import hermod


async def review(page, strict=False):
    kind = await hermod.call("classify", text=page)
    print(page, kind)
    if strict and kind < "m":
        return "strict"
    summary = await hermod.call("summarize", text=kind)
    print(summary)
    return summary


async def main():
    for page in ["a", "b", "c", "d"]:
        if await review(page, True) > "zz":
            break
        print(await hermod.call("embed", text=page))


asyncio.run(main())
