import asyncio

import hermod


async def main():
    r = "before"
    x = await hermod.call("classify", text="a")
    match x:
        case "zzz":
            r = await hermod.call("summarize", text="a")
    y = await hermod.call("classify", text=r)
    print(y)


asyncio.run(main())
