import asyncio

import hermod


async def main():
    texts = ["a", "bb", "c", "dd"]
    long_ones = [await hermod.call("classify", text=text) for text in texts if len(text) > 1]
    print(long_ones)
    prices = {text: await hermod.call("price", item=text) for text in texts}
    print(prices)


asyncio.run(main())
