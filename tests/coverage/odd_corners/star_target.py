import asyncio

import hermod


async def main():
    *most, last = await hermod.call("keywords", text="k")
    a, b = await hermod.call("keywords", text="two?")
    print(most, last, a, b)
    print(await hermod.call("classify", text=last))


asyncio.run(main())
