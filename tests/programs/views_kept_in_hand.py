import asyncio

import hermod


async def main():
    prices = {}
    pairs = enumerate(prices)
    for text in ["a", "b", "c"]:
        known = prices.items()
        category = await hermod.call("classify", text=text)
        prices[category] = text
        summary = await hermod.call("summarize", text=f"{len(known)}")
        print(summary)
    print(list(pairs))
    row = []
    view = (item for item in row)
    first = await hermod.call("classify", text="x")
    row.append(first)
    second = await hermod.call("classify", text=",".join(view))
    print(first, second)


asyncio.run(main())
