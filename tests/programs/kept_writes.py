import asyncio

import hermod


async def main():
    for name in ["a", "b"]:
        number = await hermod.call("count_up", name=name, by=1)
        print(name, number)


asyncio.run(main())
