import asyncio

import hermod


async def main():
    x: str = await hermod.call("classify", text="a")
    y: "list[str]" = await hermod.call("keywords", text="b")
    for z in y:
        w: str = await hermod.call("classify", text=z)
        print(w)
    print(x)


asyncio.run(main())
