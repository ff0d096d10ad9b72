# Request: get quotes with up to three attempts each; use the last price of the history if all fail.
# shape: retry-then-fallback; tags: effects, failures, helpers
import asyncio
import logging
import sys

import hermod

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s", force=True)


async def price_of(symbol: str, attempts: int = 3) -> float | None:
    for attempt in range(attempts):
        try:
            quote = await hermod.call("get_quote", symbol=symbol)
            return quote["price"]
        except hermod.CallError:
            logging.warning("%s: attempt %d failed", symbol, attempt + 1)
    try:
        history = await hermod.call("get_history", symbol=symbol, days=1)
        return history[-1]
    except (hermod.CallError, IndexError):
        return None


async def main():
    prices = {}
    for symbol in ["ACME", "GLOBEX", "STARK", "WAYNE"]:
        prices[symbol] = await price_of(symbol)
    known = {symbol: price for symbol, price in prices.items() if price is not None}
    for symbol, price in known.items():
        logging.info("%s %.2f", symbol, price)
    logging.info("%d of %d known", len(known), len(prices))


asyncio.run(main())
