import asyncio

import hermod


async def main():
    print(await hermod.call("price", item="lamp"), await hermod.call("price", item="desk"))
    total = await hermod.call("price", item="lamp") + await hermod.call("price", item="chair")
    print(total)


asyncio.run(main())
