# User: How much is my trip budget of 1000 EUR in each country, and how many museum tickets would that buy?
# shape: independent-per-key; tags: effects
import asyncio
import hermod

CURRENCIES = {"Tokyo": "JPY", "London": "GBP", "Zurich": "CHF"}


async def main():
    for city, currency in CURRENCIES.items():
        rate = await hermod.call("exchange_rate", base="EUR", target=currency)
        sights = await hermod.call("find_attractions", city=city)
        museums = [sight["price"] for sight in sights if sight["category"] == "museum"]
        budget = 1000 * rate
        print(f"{city}: {budget:.0f} {currency}", end="")
        if museums and sum(museums):
            print(f", {int(budget // (sum(museums) / len(museums)))} museum visits")
        else:
            print(", no museums")


asyncio.run(main())
