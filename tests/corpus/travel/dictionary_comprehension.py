# User: Coordinates and number of sights for all capitals of the Benelux countries.
# shape: dict-comprehension; tags:
import asyncio
import hermod

CAPITALS = ("Brussels", "Amsterdam", "Luxembourg")


async def main():
    points = {city: await hermod.call("geocode", place=city) for city in CAPITALS}
    sights = {city: len(await hermod.call("find_attractions", city=city)) for city in CAPITALS}
    north = max(points, key=lambda city: points[city]["lat"])
    for city in CAPITALS:
        lat, lon = points[city]["lat"], points[city]["lon"]
        print(f"{city:<12}{lat:>8.2f}{lon:>8.2f}{sights[city]:>4}")
    print("northernmost:", north)


asyncio.run(main())
