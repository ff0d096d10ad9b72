# Request: scan the last page of transactions of my three accounts and alert me at once about suspicious ones.
# shape: scan-and-alert; tags: effects
import asyncio
import hermod


async def suspicious(item, average):
    if item["amount"] < average:
        return False
    category = await hermod.call("categorize", description=item["merchant"])
    return category in ("fun", "other")


async def main():
    alerts = 0
    for account in ("GIRO", "CARD", "SAVINGS"):
        page = await hermod.call("list_transactions", account=account, cursor=0)
        amounts = [item["amount"] for item in page["items"]]
        average = sum(amounts) / len(amounts) if amounts else 0
        print(f"{account}: {len(amounts)} transactions, {average:.2f} on average")
        for item in page["items"]:
            if await suspicious(item, average):
                await hermod.call("send_alert", to="me", text=f"{account}: {item['merchant']} {item['amount']}")
                alerts += 1
    print("alerts:", alerts)


asyncio.run(main())
