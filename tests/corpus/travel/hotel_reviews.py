# User: Find the best hotel in Ghent by summarised reviews, skip hotels with bad ones.
# shape: filter-then-summarise; tags: effects
import asyncio
import hermod


async def main():
    hotels = await hermod.call("search_hotels", city="Ghent", nights=2)
    shortlist = []
    for hotel in hotels:
        reviews = await hermod.call("get_reviews", place=hotel["name"])
        worst = min((review["rating"] for review in reviews), default=0)
        if worst < 3:
            print(f"- {hotel['name']}: somebody gave {worst}")
            continue
        summary = await hermod.call("summarize_reviews", texts=[review["text"] for review in reviews])
        shortlist.append((hotel["rating"], hotel["name"], summary))
    for rating, name, summary in sorted(shortlist, reverse=True):
        print(f"+ {name} ({rating:.1f}): {summary}")
    print(len(shortlist), "of", len(hotels))


asyncio.run(main())
