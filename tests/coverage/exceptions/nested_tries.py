# must: max(t)
import asyncio

import hermod


async def main():
    try:
        try:
            city = await hermod.call("weather", city="Bonn")
        except KeyError:
            city = "?"
        price = await hermod.call("price", item="umbrella")
        print(city, price)
    except hermod.CallError as error:
        print(error)


asyncio.run(main())
