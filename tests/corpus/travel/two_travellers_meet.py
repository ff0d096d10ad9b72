# User: I'm in Hamburg, my sister in Munich. Where between should we meet: Kassel, Fulda or Erfurt?
# shape: minimax; tags:
import asyncio
import hermod


async def travel_time(start: str, goal: str) -> int:
    best = 10_000
    for mode in ("train", "car"):
        found = await hermod.call("route", origin=start, destination=goal, mode=mode)
        best = min(best, found["minutes"])
    return best


async def main():
    fairest = None
    for city in ["Kassel", "Fulda", "Erfurt"]:
        mine = await travel_time("Hamburg", city)
        hers = await travel_time("Munich", city)
        print(f"{city}: I need {mine}, she needs {hers}")
        if fairest is None or max(mine, hers) < fairest[0]:
            fairest = (max(mine, hers), city)
    longest, city = fairest
    food = [sight["name"] for sight in await hermod.call("find_attractions", city=city)]
    print(f"Meet in {city} ({longest} min): {', '.join(food)}")


asyncio.run(main())
