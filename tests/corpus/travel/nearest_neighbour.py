# User: In which order should I visit these five sights to walk little? Start at the station.
# shape: nearest-neighbour; tags:
import asyncio
import hermod


async def main():
    here = "station"
    remaining = ["castle", "cathedral", "market", "museum", "bridge"]
    order, walked = [], 0
    while remaining:
        best, best_minutes = None, None
        for place in remaining:
            way = await hermod.call("route", origin=here, destination=place, mode="walk")
            if best is None or way["minutes"] < best_minutes:
                best, best_minutes = place, way["minutes"]
        remaining.remove(best)
        order.append(best)
        walked += best_minutes
        here = best
    print(" -> ".join(order))
    print(walked, "minutes")


asyncio.run(main())
