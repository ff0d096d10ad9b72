# Request: sell what is above 40 % of the portfolio, buy what is below 20 %.
# shape: compute-then-orders; tags: effects, failures
import asyncio
import sys

import hermod

HOLDINGS = {"ACME": 10, "GLOBEX": 20, "HOOLI": 5}


async def main():
    values = {}
    for symbol, quantity in HOLDINGS.items():
        quote = await hermod.call("get_quote", symbol=symbol)
        values[symbol] = quantity * quote["price"]
    total = sum(values.values())
    if total == 0:
        print("nothing to balance")
        return
    for symbol, value in values.items():
        share = value / total
        if share > 0.4:
            side = "sell"
        elif share < 0.2:
            side = "buy"
        else:
            print(f"{symbol}: {share:.0%} stays")
            continue
        try:
            order = await hermod.call("place_order", symbol=symbol, side=side, quantity=1)
        except hermod.CallError as error:
            print(f"{symbol}: {error}", file=sys.stderr)
            continue
        print(f"{symbol}: {share:.0%} {side} -> {order['status']}")


asyncio.run(main())
