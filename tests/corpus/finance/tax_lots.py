# Request: list gains for all foreign transactions above 20 converted to CHF and euros.
# shape: convert-filtered; tags: effects
import asyncio
import hermod


async def main():
    page = await hermod.call("list_transactions", account="BROKER", cursor=0)
    gains = [item for item in page["items"] if item["amount"] > 20]
    rows = []
    for item in gains:
        francs = await hermod.call("convert", amount=item["amount"], base="USD", target="CHF")
        euros = await hermod.call("convert", amount=item["amount"], base="USD", target="EUR")
        rows.append((item["merchant"], francs, euros))
    if page["more"]:
        rest = await hermod.call("list_transactions", account="BROKER", cursor=page["next"])
        for item in rest["items"]:
            if item["amount"] > 20:
                francs = await hermod.call("convert", amount=item["amount"], base="USD", target="CHF")
                rows.append((item["merchant"], francs, 0.0))
    for merchant, francs, euros in rows:
        print(f"{merchant:<10}{francs:>9.2f} CHF{euros:>9.2f} EUR")


asyncio.run(main())
