# User: Check the hotels in my three favourite towns; mail me about each one cheaper than 60 a night.
# shape: alert-on-condition; tags: effects
import asyncio
import hermod

TOWNS = ["Delft", "Lucca", "Evora"]
LIMIT = 60


async def main():
    sent = 0
    for town in TOWNS:
        hotels = await hermod.call("search_hotels", city=town, nights=1)
        cheap = [hotel for hotel in hotels if hotel["price"] < LIMIT]
        if cheap:
            lines = [f"{hotel['name']}: {hotel['price']:.2f}" for hotel in cheap]
            await hermod.call("send_email", to="me@example.org", subject=f"Cheap in {town}", body="\n".join(lines))
            sent += 1
        print(f"{town}: {len(cheap)} of {len(hotels)} below {LIMIT}")
    print("mails sent:", sent)


asyncio.run(main())
