# must: max(t[0] + t[1], t[2] + t[3], t[4] + t[5])
import asyncio

import hermod


async def main():
    for city in ("Bonn", "Turin", "Lyon"):
        weather = await hermod.call("weather", city=city)
        advice = await hermod.call("classify", text=f"{city}: {weather}")
        print(city, advice)


asyncio.run(main())
