import asyncio

import hermod


async def main():
    prices = []
    for item in ["lamp", "desk"]:
        price = await hermod.call("price", item=item)
        prices.append(price)
        print(item, price)
    for text in ["a", "b"]:
        print(await hermod.call("classify", text=text))
    print(sum(prices))


asyncio.run(main())
