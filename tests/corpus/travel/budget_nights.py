# User: How many nights can I stay in Riga with 200 euros? Check one night more each time.
# shape: while-budget; tags: effects
import asyncio
import hermod


async def main():
    budget = 200.0
    rate = await hermod.call("exchange_rate", base="EUR", target="EUR")
    weather = await hermod.call("get_weather", city="Riga", date="2026-05-05")
    nights = 0
    spent = 0.0
    names = []
    while nights < 8:
        hotels = await hermod.call("search_hotels", city="Riga", nights=nights + 1)
        cheapest = min(hotels, key=lambda hotel: hotel["price"])
        if spent + cheapest["price"] > budget:
            break
        spent += cheapest["price"]
        nights += 1
        names.append(cheapest["name"])
        print(f"night {nights}: {cheapest['name']} {cheapest['price']}")
    print(f"{nights} nights, {spent:.2f} spent, rate {rate}, {weather['condition']}")


asyncio.run(main())
