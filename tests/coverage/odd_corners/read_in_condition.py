import asyncio

import hermod


async def main():
    while (n := await hermod.call("read_counter", name="a")) > 0:
        k = await hermod.call("count_up", name="a", by=-1)
        print(n, k)
        if k > 5:
            break
    print("done")


asyncio.run(main())
