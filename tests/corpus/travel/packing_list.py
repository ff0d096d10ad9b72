# User: I visit four cities next week. What should I pack?
# shape: set-from-weather; tags: effects
import asyncio

import hermod

STOPS = [("Porto", "2026-04-01"), ("Madrid", "2026-04-03"), ("Lyon", "2026-04-05"), ("Bern", "2026-04-07")]


def clothes_for(condition: str, temperature: int) -> set[str]:
    clothes = {"shoes"}
    if condition == "rain":
        clothes |= {"umbrella", "raincoat"}
    if condition == "snow" or temperature < 5:
        clothes |= {"gloves", "coat"}
    elif temperature > 25:
        clothes |= {"hat", "sunscreen"}
    return clothes


async def main() -> None:
    needed: set[str] = set()
    for city, date in STOPS:
        weather = await hermod.call("get_weather", city=city, date=date)
        print(f"{date} {city}: {weather['condition']}, {weather['temperature']} degrees")
        needed |= clothes_for(**weather)
    print("Pack:", ", ".join(sorted(needed)))


asyncio.run(main())
