# Request: buy one share of each and check every order afterwards; tell me what is still pending.
# shape: write-loop-then-read-loop; tags: effects
import asyncio
import hermod

SHOPPING = ["ACME", "HOOLI", "STARK"]


async def main():
    orders = []
    for symbol in SHOPPING:
        risk = await hermod.call("risk_model", symbol=symbol, horizon=5)
        if risk["rating"] == "high":
            print("too risky:", symbol)
            continue
        order = await hermod.call("place_order", symbol=symbol, side="buy", quantity=1)
        orders.append((symbol, order["id"]))
    pending = 0
    for symbol, identifier in orders:
        status = await hermod.call("order_status", id=identifier)
        print(symbol, identifier, status)
        pending += status == "pending"
    print("pending:", pending)


asyncio.run(main())
