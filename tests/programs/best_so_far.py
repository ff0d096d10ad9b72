import asyncio

import hermod


async def main():
    best, best_price = None, 0.0
    for name in ["lamp", "desk", "chair"]:
        price = await hermod.call("price", item=name)
        if price <= best_price:
            continue
        best, best_price = name, price
        print("better:", name)
    print(best, best_price)


asyncio.run(main())
