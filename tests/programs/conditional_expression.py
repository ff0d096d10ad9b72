import asyncio

import hermod


async def main():
    flag = await hermod.call("classify", text="x")
    y = await hermod.call("price", item="p") if flag > "zzz" else 0
    z = flag > "zzz" and await hermod.call("price", item="q")
    print(y, z)


asyncio.run(main())
