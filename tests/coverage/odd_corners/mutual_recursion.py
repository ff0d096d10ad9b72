import asyncio

import hermod


async def even(n):
    return True if n == 0 else await odd(n - 1)


async def odd(n):
    await hermod.call("count_up", name="odd", by=n)
    return False if n == 0 else await even(n - 1)


async def main():
    print(await even(3))
    print(await hermod.call("read_counter", name="odd"))


asyncio.run(main())
