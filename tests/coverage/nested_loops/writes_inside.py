# keeps: E2 count_up
import asyncio

import hermod


async def main():
    for name in ["ann", "bob"]:  # <- here
        for step in range(2):  # <- here
            count = await hermod.call("count_up", name=name, by=step)  # <- here
            print(name, count)


asyncio.run(main())
