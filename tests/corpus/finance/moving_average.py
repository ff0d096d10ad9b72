# Request: which of these shares trade above their 20-day average and rising?
# shape: two-reads-compare; tags: effects, helpers
import asyncio
import hermod

WATCHLIST = ("ACME", "HOOLI", "WAYNE", "STARK")


def mean(values):
    return sum(values) / max(1, len(values))


async def signal(symbol):
    history = await hermod.call("get_history", symbol=symbol, days=20)
    quote = await hermod.call("get_quote", symbol=symbol)
    average = mean(history)
    above = quote["price"] > average
    return {"symbol": symbol, "above": above, "rising": quote["change"] > 60, "average": average}


async def main():
    signals = [await signal(symbol) for symbol in WATCHLIST]
    strong = [s["symbol"] for s in signals if s["above"] and s["rising"]]
    for s in signals:
        print("{symbol}: average {average:.2f} above={above} rising={rising}".format(**s))
    print("strong:", strong or "none")


asyncio.run(main())
