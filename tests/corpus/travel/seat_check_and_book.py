# User: Book the same flight for all four of us, only if it has at least four seats; otherwise show alternatives.
# shape: guard-then-write-loop; tags: effects
import asyncio
import hermod

FAMILY = ["Ida", "Jon", "Kai", "Liv"]


async def main():
    flights = await hermod.call("search_flights", origin="Oslo", destination="Crete", date="2026-07-20")
    candidates = sorted((f for f in flights if f["seats"] >= len(FAMILY)), key=lambda f: f["price"])
    if not candidates:
        for date in ("2026-07-19", "2026-07-21"):
            others = await hermod.call("search_flights", origin="Oslo", destination="Crete", date=date)
            print(date, [flight["airline"] for flight in others])
        return
    flight = candidates[0]
    statuses = []
    for name in FAMILY:
        booking = await hermod.call("book_flight", flight_id=flight["id"], passenger=name)
        statuses.append(booking["status"])
        print(f"{name}: {booking['status']} ({booking['confirmation']})")
    hotels = await hermod.call("search_hotels", city="Crete", nights=7)
    weather = await hermod.call("get_weather", city="Crete", date="2026-07-20")
    print(f"{statuses.count('confirmed')} confirmed; {len(hotels)} hotels; {weather['condition']}")


asyncio.run(main())
