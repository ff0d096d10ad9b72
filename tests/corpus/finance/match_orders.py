# Request: place orders from my note "buy 3 ACME; sell 1 HOOLI; hold WAYNE; buy 2 STARK" and report the results.
# shape: parse-and-dispatch; tags: effects, failures
import asyncio
import hermod

NOTE = "buy 3 ACME; sell 1 HOOLI; hold WAYNE; buy 2 STARK; dance"


async def execute(instruction: str) -> str:
    match instruction.split():
        case [("buy" | "sell") as side, quantity, symbol]:
            quote = await hermod.call("get_quote", symbol=symbol)
            risk = await hermod.call("risk_model", symbol=symbol, horizon=1)
            if side == "buy" and risk["rating"] == "high":
                return f"did not buy {symbol}: risk"
            order = await hermod.call("place_order", symbol=symbol, side=side, quantity=int(quantity))
            return f"{side} {symbol} at {quote['price']}: {order['status']}"
        case ["hold", symbol]:
            return f"hold {symbol}"
        case _:
            raise ValueError(f"what is {instruction!r}?")


async def main():
    for instruction in NOTE.split(";"):
        try:
            print(await execute(instruction.strip()))
        except ValueError as error:
            print("skipped:", error)


asyncio.run(main())
