# User: Give me weather, sights and hotels of Lviv, whatever is available.
# shape: section-wise-try; tags: effects, failures
import asyncio
import hermod


async def main():
    city = "Lviv"
    try:
        weather = await hermod.call("get_weather", city=city, date="2026-09-09")
        print("Weather:", weather["condition"])
    except hermod.CallError:
        print("Weather: not available")

    try:
        sights = await hermod.call("find_attractions", city=city)
        print("Sights:", ", ".join(sight["name"] for sight in sights))
    except hermod.CallError:
        sights = []
        print("Sights: not available")

    try:
        hotels = await hermod.call("search_hotels", city=city, nights=1)
        print("Hotels:", len(hotels))
    except hermod.CallError:
        print("Hotels: not available")

    total = sum(sight["price"] for sight in sights)
    print(f"All sights together cost {total:.2f}")


asyncio.run(main())
