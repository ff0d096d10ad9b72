import asyncio

import hermod


async def main():
    items = await hermod.call("search", query="reed")
    answer = await hermod.call("summarize", text="umber")
    for note in sorted(items[:0]):
        answer = await hermod.call("classify", text=note)
        items.append(answer)
    city = await hermod.call("weather", city=answer)
    print(city)


asyncio.run(main())
