import asyncio

import hermod


async def main():
    for t in "abc":
        print(await hermod.call("classify", text=t))
        await asyncio.sleep(1)


asyncio.run(main())
