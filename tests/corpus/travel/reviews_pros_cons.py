# User: Sum up good and bad reviews of these three restaurants separately.
# shape: partition-then-calls; tags:
import asyncio
import hermod

RESTAURANTS = ["Chez Nous", "Da Gino", "Zum Ochsen"]


async def main():
    for place in RESTAURANTS:
        reviews = await hermod.call("get_reviews", place=place)
        good = [review["text"] for review in reviews if review["rating"] >= 25]
        bad = [review["text"] for review in reviews if review["rating"] < 25]
        print(place.upper())
        if good:
            pros = await hermod.call("summarize_reviews", texts=good)
            print("  + " + pros)
        if bad:
            cons = await hermod.call("summarize_reviews", texts=bad)
            print("  - " + cons)


asyncio.run(main())
