# Request: which two of these four shares move most alike over 30 days?
# shape: load-then-pairs; tags: effects, helpers
import asyncio
import hermod

SYMBOLS = ["ACME", "HOOLI", "STARK", "WAYNE"]


def distance(first, second):
    return sum(abs(a - b) for a, b in zip(first, second)) / max(1, min(len(first), len(second)))


async def main():
    histories = {}
    for symbol in SYMBOLS:
        histories[symbol] = await hermod.call("get_history", symbol=symbol, days=30)
    closest = min(
        ((distance(histories[a], histories[b]), a, b) for i, a in enumerate(SYMBOLS) for b in SYMBOLS[i + 1 :]),
    )
    gap, a, b = closest
    print(f"{a} and {b} differ by {gap:.2f}")
    for symbol in (a, b):
        facts = await hermod.call("get_fundamentals", symbol=symbol)
        print(symbol, facts["sector"], facts["pe"])


asyncio.run(main())
