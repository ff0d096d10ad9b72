# Request: check our suppliers; abort with an error if one is too indebted, else print their mood in the news.
# shape: check-raise-abort; tags: effects, failures
import asyncio
import sys

import hermod

SUPPLIERS = ["BOLTS", "NUTS", "GEARS"]
MAX_DEBT = 122


async def check(name):
    facts = await hermod.call("get_fundamentals", symbol=name)
    if facts["debt"] > MAX_DEBT:
        raise RuntimeError(f"{name} is too indebted: {facts['debt']}")
    news = await hermod.call("get_news", symbol=name)
    total = 0.0
    for article in news:
        total += await hermod.call("score_sentiment", text=article["body"])
    return total / len(news)


async def main():
    try:
        for name in SUPPLIERS:
            print(f"{name}: {await check(name):.1f}")
    except RuntimeError as error:
        print("abort:", error, file=sys.stderr)
        return 1
    return 0


sys.exit(asyncio.run(main()))
