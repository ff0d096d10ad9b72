import asyncio

import hermod


async def main():
    for t in "abc":
        print(await hermod.call("weather", city=t))
        await asyncio.sleep(1)


asyncio.run(main())
