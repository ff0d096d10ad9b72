# User: When in the first week of June is it cheapest to fly Prague to Dublin and back two days later?
# shape: range-best-pair; tags: effects
import asyncio
import hermod


async def main():
    best = None
    for day in range(1, 6):
        out = await hermod.call("search_flights", origin="Prague", destination="Dublin", date=f"2026-06-0{day}")
        back = await hermod.call("search_flights", origin="Dublin", destination="Prague", date=f"2026-06-0{day + 2}")
        if not (out and back):
            continue
        price = min(f["price"] for f in out) + min(f["price"] for f in back)
        print(f"June {day}: {price:.2f}")
        if best is None or price < best[0]:
            best = (price, day)
    if best:
        print(f"Leave on June {best[1]} for {best[0]:.2f}")


asyncio.run(main())
