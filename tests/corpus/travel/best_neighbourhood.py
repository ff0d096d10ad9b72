# User: Which quarter of Lisbon should I stay in? Rate by sights, reviews and walking time to the river.
# shape: weighted-score; tags: failures, helpers
import asyncio
import hermod

QUARTERS = ["Alfama", "Baixa", "Belém", "Graça"]
WEIGHTS = {"sights": 2.0, "reviews": 1.0, "river": -0.5}


async def measure(quarter):
    sights = await hermod.call("find_attractions", city=f"Lisbon {quarter}")
    reviews = await hermod.call("get_reviews", place=quarter)
    way = await hermod.call("route", origin=quarter, destination="Tagus", mode="walk")
    ratings = [review["rating"] for review in reviews]
    return {
        "sights": len(sights),
        "reviews": sum(ratings) / len(ratings),
        "river": way["minutes"],
    }


async def main():
    table = {}
    for quarter in QUARTERS:
        try:
            table[quarter] = await measure(quarter)
        except (hermod.CallError, ZeroDivisionError):
            print("no data for", quarter)
    scores = {name: sum(WEIGHTS[key] * value for key, value in row.items()) for name, row in table.items()}
    for name, score in sorted(scores.items(), key=lambda item: -item[1]):
        print(f"{name:<8}{score:7.2f}")


asyncio.run(main())
