import asyncio

import hermod


async def main():
    names = ["lamp", "desk", "chair", "lamp"]
    total = 0
    prices = []
    seen = set()
    by_name = {}
    best = None
    report = ""
    for name in names:
        price = await hermod.call("price", item=name)
        total += price
        prices.append(price)
        seen.add(name)
        by_name[name] = price
        if best is None or price > best:
            best = price
        report += f"{name}: {price}\n"
    print(total, prices, sorted(seen), by_name, best)
    print(report)


asyncio.run(main())
