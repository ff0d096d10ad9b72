import asyncio

import hermod

CARS = [{"name": "a"}, {"name": "b"}, {"name": "c"}]


def repaint(number):
    CARS[number]["name"] += "!"


async def show(cars: list):
    for number, car in enumerate(cars):
        category = await hermod.call("classify", text=car["name"])
        print(category)
        repaint(2)


async def main():
    await show(CARS)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
