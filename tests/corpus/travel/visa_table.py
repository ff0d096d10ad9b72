# User: We are a German, an Indian and a Kenyan. What visas do we need for Japan, Brazil and Canada?
# shape: product-table; tags:
import asyncio
import hermod


async def main():
    nationalities = ["German", "Indian", "Kenyan"]
    countries = ["Japan", "Brazil", "Canada"]
    table = {}
    for who in nationalities:
        for where in countries:
            table[who, where] = await hermod.call("visa_rule", nationality=who, country=where)
    print("".ljust(10), *[country.ljust(8) for country in countries])
    for who in nationalities:
        print(who.ljust(10), *[table[who, where].ljust(8) for where in countries])
    easiest = min(countries, key=lambda where: sum(table[who, where] != "none" for who in nationalities))
    print("Easiest:", easiest)


asyncio.run(main())
