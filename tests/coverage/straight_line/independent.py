# must: max(t)
import asyncio

import hermod


async def main():
    color = await hermod.call("classify", text="a red car")
    mood = await hermod.call("embed", text="a good day")
    weather = await hermod.call("weather", city="Bonn")
    print(color, mood, weather)


asyncio.run(main())
