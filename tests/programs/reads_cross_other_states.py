import asyncio

import hermod


async def main():
    weather = await hermod.call("weather", city="Bonn")
    number = await hermod.call("count_up", name="visits", by=1)
    other = await hermod.call("weather", city="Rome")
    print(weather, number, other)


asyncio.run(main())
