# User: In parallel get weather and hotels for Bergen, then for each hotel its reviews.
# shape: task-group-then-loop; tags: parallel, effects
import asyncio
import hermod


async def fetch(name, **arguments):
    return await hermod.call(name, **arguments)


async def main():
    async with asyncio.TaskGroup() as group:
        weather = group.create_task(fetch("get_weather", city="Bergen", date="2026-10-10"))
        hotels = group.create_task(fetch("search_hotels", city="Bergen", nights=2))
    print("Weather:", weather.result()["condition"])
    for hotel in hotels.result():
        reviews = await hermod.call("get_reviews", place=hotel["name"])
        summary = await hermod.call("summarize_reviews", texts=[review["text"] for review in reviews])
        print(f"{hotel['name']}: {summary}")


asyncio.run(main())
