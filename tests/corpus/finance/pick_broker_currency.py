# Request: in which of these currencies is it best to hold 1000 dollars? Convert there and back.
# shape: round-trip-loss; tags:
import asyncio
import hermod


async def main():
    amount = 1000.0
    losses = []
    for currency in ("EUR", "JPY", "CHF", "GBP", "SEK"):
        there = await hermod.call("convert", amount=amount, base="USD", target=currency)
        back = await hermod.call("convert", amount=there, base=currency, target="USD")
        losses.append((amount - back, currency))
    losses.sort()
    print("\n".join(f"{currency}: loses {loss:.2f}" for loss, currency in losses))
    print("hold", losses[0][1])


asyncio.run(main())
