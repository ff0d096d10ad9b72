import asyncio

import hermod


async def main():
    x = (await hermod.call("keywords", text="a"))[0] + (await hermod.call("keywords", text="b"))[1]
    print(x)


asyncio.run(main())
