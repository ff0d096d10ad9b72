import asyncio

import hermod


async def main():
    for page in ["a", "b", "c", "d"]:
        kind = await hermod.call("classify", text=page)
        if kind > "zz":
            break
        text = await hermod.call("summarize", text=page + kind)
        print(page, text)


asyncio.run(main())
