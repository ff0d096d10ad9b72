# A chain for each hotel: its reviews, and their summary if none is bad.
import asyncio

import hermod


async def look(hotel):
    reviews = await hermod.call("get_reviews", place=hotel["name"])
    if min((review["rating"] for review in reviews), default=0) < 3:
        return reviews, None
    return reviews, await hermod.call("summarize_reviews", texts=[review["text"] for review in reviews])


async def main():
    hotels = await hermod.call("search_hotels", city="Ghent", nights=2)
    shortlist = []
    for hotel, (reviews, summary) in zip(hotels, await asyncio.gather(*map(look, hotels))):
        if summary is None:
            print(f"- {hotel['name']}: somebody gave {min(review['rating'] for review in reviews)}")
        else:
            shortlist.append((hotel["rating"], hotel["name"], summary))
    for rating, name, summary in sorted(shortlist, reverse=True):
        print(f"+ {name} ({rating:.1f}): {summary}")
    print(len(shortlist), "of", len(hotels))


asyncio.run(main())
