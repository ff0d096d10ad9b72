# User: Find the first weekend in May without rain in Brest, check at most five, and look up hotels for it.
# shape: first-good-date; tags: effects
import asyncio
import hermod

SATURDAYS = ["2026-05-02", "2026-05-09", "2026-05-16", "2026-05-23", "2026-05-30"]


async def main():
    for saturday in SATURDAYS:
        weather = await hermod.call("get_weather", city="Brest", date=saturday)
        if weather["condition"] in ("rain", "snow"):
            print(saturday, "is wet")
            continue
        print(saturday, "is", weather["condition"], "with", weather["temperature"], "degrees")
        hotels = await hermod.call("search_hotels", city="Brest", nights=1)
        sights = await hermod.call("find_attractions", city="Brest")
        for hotel in hotels:
            breakfast = "with breakfast" if hotel.get("breakfast") else "no breakfast"
            print(f"  {hotel['name']} {hotel['price']:.2f} {breakfast}")
        print("  see:", ", ".join(sight["name"] for sight in sights))
        return
    print("it always rains")


asyncio.run(main())
