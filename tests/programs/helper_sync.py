import asyncio

import hermod


def shout(text):
    return text.upper() + "!"


def average(numbers):
    return sum(numbers) / len(numbers)


async def main():
    prices = []
    for name in ["lamp", "desk"]:
        label = shout(name)
        price = await hermod.call("price", item=label)
        prices.append(price)
    print(average(prices))


asyncio.run(main())
