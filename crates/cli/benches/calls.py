"""How long calls take that do nothing: run by `calls.sh`, see docs/performance.md."""

import asyncio
import statistics
import time

import hermod

# The clock is read rarely: in the sandbox each reading is journalled (RUNTIME J5).
BLOCKS = 20
ONE_BY_ONE = 50
AT_ONCE = 20_000
IN_FLIGHT = 64


async def one_by_one() -> float:
    begun = time.perf_counter()
    for number in range(ONE_BY_ONE):
        await hermod.call("nothing", value=number)
    return (time.perf_counter() - begun) / ONE_BY_ONE


async def caller(first: int) -> None:
    for number in range(first, AT_ONCE, IN_FLIGHT):
        await hermod.call("nothing", value=number)


async def main() -> None:
    await hermod.call("nothing", value=-1)
    blocks = [await one_by_one() for _ in range(BLOCKS)]
    print(f"1 in flight: {statistics.median(blocks) * 1e6:.0f} us a call")
    begun = time.perf_counter()
    await asyncio.gather(*map(caller, range(IN_FLIGHT)))
    took = time.perf_counter() - begun
    print(f"{IN_FLIGHT} in flight: {AT_ONCE / took:.0f} calls/s")


asyncio.run(main())
