# User: Plan a day in Vienna: at most 8 hours of sights, best rated first, with walking times between them.
# shape: greedy-plan; tags:
import asyncio
import hermod

HOURS = 8


async def main():
    sights = await hermod.call("find_attractions", city="Vienna")
    rated = []
    for sight in sights:
        reviews = await hermod.call("get_reviews", place=sight["name"])
        average = sum(review["rating"] for review in reviews) / len(reviews) if reviews else 0
        rated.append((average, sight))
    rated.sort(key=lambda pair: pair[0], reverse=True)

    here, minutes = "Hotel Sacher", 0
    for average, sight in rated:
        way = await hermod.call("route", origin=here, destination=sight["name"], mode="walk")
        needed = way["minutes"] + sight["minutes"]
        if minutes + needed > HOURS * 60:
            print("no time for", sight["name"])
            continue
        minutes += needed
        print(f"{way['minutes']} min walk, then {sight['name']} ({average:.1f})")
        here = sight["name"]
    print("total minutes:", minutes)


asyncio.run(main())
