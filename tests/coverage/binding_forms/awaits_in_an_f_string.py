# must: max(t)
import asyncio

import hermod


async def main():
    print(f"{await hermod.call('classify', text='letter')} at {await hermod.call('price', item='stamp'):.2f}")


asyncio.run(main())
