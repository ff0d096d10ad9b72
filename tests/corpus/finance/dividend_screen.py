# Request: find three shares with a dividend above 50, going down my list, and get their history.
# shape: collect-n-break; tags: effects
import asyncio
import hermod

LIST = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH"]


async def main():
    picks = []
    for symbol in LIST:
        facts = await hermod.call("get_fundamentals", symbol=symbol)
        if facts.get("dividend", 0) > 50:
            picks.append(symbol)
            print("pick", symbol)
        if len(picks) == 3:
            break
    for symbol in picks:
        history = await hermod.call("get_history", symbol=symbol, days=5)
        low, high = min(history), max(history)
        print(f"{symbol}: {low:.2f} to {high:.2f}")


asyncio.run(main())
