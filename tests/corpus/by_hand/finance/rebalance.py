# All quotes at once; then the orders, which are writes of one state.
import asyncio

import hermod

HOLDINGS = {"ACME": 10, "GLOBEX": 20, "HOOLI": 5}


async def main():
    quotes = await asyncio.gather(*(hermod.call("get_quote", symbol=symbol) for symbol in HOLDINGS))
    values = {symbol: HOLDINGS[symbol] * quote["price"] for symbol, quote in zip(HOLDINGS, quotes)}
    total = sum(values.values())
    for symbol, value in values.items():
        share = value / total
        if 0.2 <= share <= 0.4:
            print(f"{symbol}: {share:.0%} stays")
            continue
        side = "sell" if share > 0.4 else "buy"
        order = await hermod.call("place_order", symbol=symbol, side=side, quantity=1)
        print(f"{symbol}: {share:.0%} {side} -> {order['status']}")


asyncio.run(main())
