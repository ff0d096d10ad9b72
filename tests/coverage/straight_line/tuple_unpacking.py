# Three targets, three calls, none of which needs another.
# must: max(t)
import asyncio

import hermod


async def main():
    (category, score), city = (
        await hermod.call("classify", text="invoice"),
        await hermod.call("embed", text="invoice"),
    ), await hermod.call("weather", city="Bonn")
    print(category, score)
    print(city)


asyncio.run(main())
