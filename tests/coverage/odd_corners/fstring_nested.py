import asyncio

import hermod


async def main():
    n = 5
    print(
        f"{await hermod.call('classify', text='a'):>{n}} {await hermod.call('embed', text='b')!r:{n + 5}}"
    )


asyncio.run(main())
