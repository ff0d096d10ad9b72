# User: Which cities can I reach from Vienna with at most two trains of under 30 minutes?
# shape: breadth-first; tags: helpers
import asyncio
from collections import deque

import hermod

NEAR = {"Vienna": ["Linz", "Graz", "Brno"], "Linz": ["Wels", "Steyr"], "Graz": ["Maribor"], "Brno": ["Olomouc"]}


async def short_ride(origin, destination):
    ride = await hermod.call("route", origin=origin, destination=destination, mode="train")
    return ride["minutes"] < 30


async def main():
    queue = deque([("Vienna", 0)])
    reached = {"Vienna": 0}
    while queue:
        city, rides = queue.popleft()
        if rides == 2:
            continue
        for neighbour in NEAR.get(city, []):
            if neighbour not in reached and await short_ride(city, neighbour):
                reached[neighbour] = rides + 1
                queue.append((neighbour, rides + 1))
    for city, rides in reached.items():
        print(f"{city}: {rides} rides")


asyncio.run(main())
