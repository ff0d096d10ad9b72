# User: Five friends want different things. Which city fits most of them?
# shape: votes-over-results; tags:
import asyncio
import hermod

WISHES = {"Ann": "museum", "Ben": "food", "Cat": "park", "Dan": "view", "Eve": "food"}
CITIES = ("Basel", "Turin", "Split")


async def main():
    scores = dict.fromkeys(CITIES, 0)
    for city in CITIES:
        sights = await hermod.call("find_attractions", city=city)
        offered = {sight["category"] for sight in sights}
        happy = [name for name, wish in WISHES.items() if wish in offered]
        scores[city] = len(happy)
        print(f"{city}: {', '.join(happy) or 'nobody'} happy")
    winner = max(scores, key=lambda city: (scores[city], city))
    point = await hermod.call("geocode", place=winner)
    reviews = await hermod.call("get_reviews", place=winner)
    print(winner, point, f"{len(reviews)} reviews")


asyncio.run(main())
