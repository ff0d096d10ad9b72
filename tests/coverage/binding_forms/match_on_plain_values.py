# must: max(t)
import asyncio

import hermod


async def main():
    for task in [{"kind": "price", "item": "pear"}, {"kind": "weather", "city": "Bonn"}, {"kind": "?"}]:
        match task:
            case {"kind": "price", "item": item}:
                print(item, await hermod.call("price", item=item))
            case {"kind": "weather", "city": city}:
                print(city, await hermod.call("weather", city=city))
            case _:
                print("cannot do", task)


asyncio.run(main())
