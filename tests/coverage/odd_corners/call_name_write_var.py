import asyncio

import hermod


async def main():
    for n, a in [("count_up", {"name": "x", "by": 1}), ("read_counter", {"name": "x"})]:
        print(await hermod.call(n, **a))


asyncio.run(main())
