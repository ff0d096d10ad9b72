import asyncio

import hermod


async def main():
    x = (await hermod.call("classify", text="a")).upper().center(20)
    y = (await hermod.call("keywords", text="b")).pop()
    print(x, y)


asyncio.run(main())
