import asyncio
import hermod


async def check(page):
    kind = await hermod.call("classify", text=page)
    if kind < "m":
        raise ValueError(kind)
    return kind


async def main():
    print(await check("c"), await hermod.call("summarize", text="d"))


asyncio.run(main())
