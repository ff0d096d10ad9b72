# The helper prints if its call fails: that is no reason to begin the next one later.
# must: max(t[0], t[1], t[2])
import asyncio

import hermod


async def report(city):
    try:
        return await hermod.call("weather", city=city)
    except hermod.CallError as error:
        print(f"no weather for {city}: {error}")
        return "unknown"


async def main():
    reports = {}
    for city in ["Rome", "Oslo", "Nara"]:
        reports[city] = await report(city)
    print(reports)


asyncio.run(main())
