# In each round all ways at once.
import asyncio

import hermod


async def main():
    here = "station"
    remaining = ["castle", "cathedral", "market", "museum", "bridge"]
    order, walked = [], 0
    while remaining:
        ways = await asyncio.gather(
            *(hermod.call("route", origin=here, destination=place, mode="walk") for place in remaining)
        )
        minutes, _, here = min((way["minutes"], index, remaining[index]) for index, way in enumerate(ways))
        remaining.remove(here)
        order.append(here)
        walked += minutes
    print(" -> ".join(order))
    print(walked, "minutes")


asyncio.run(main())
