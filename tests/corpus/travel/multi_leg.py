# User: Find the cheapest flights for Berlin-Rome-Cairo-Nairobi-Berlin.
# shape: pairwise-legs; tags: effects
import asyncio
from itertools import pairwise

import hermod

STOPS = ["Berlin", "Rome", "Cairo", "Nairobi", "Berlin"]


async def main():
    total = 0.0
    for day, (origin, destination) in enumerate(pairwise(STOPS), start=1):
        flights = await hermod.call(
            "search_flights", origin=origin, destination=destination, date=f"2026-06-{day:02}"
        )
        visa = await hermod.call("visa_rule", nationality="German", country=destination)
        cheapest = min(flights, key=lambda flight: flight["price"], default=None)
        if cheapest is None:
            print(f"{origin} - {destination}: no flight")
            break
        total += cheapest["price"]
        print(f"{origin} - {destination}: {cheapest['airline']} {cheapest['price']:.2f} (visa: {visa})")
    print(f"total {total:.2f}")


asyncio.run(main())
