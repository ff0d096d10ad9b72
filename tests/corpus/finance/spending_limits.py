# Request: compare my spending per category with these limits and alert me about every exceeded one.
# shape: totals-then-alerts; tags: effects, failures
import asyncio
import hermod

LIMITS = {"food": 60, "fun": 30, "travel": 100, "rent": 120, "other": 50}


async def main():
    spent = {name: 0.0 for name in LIMITS}
    for account in ("GIRO", "CARD"):
        page = await hermod.call("list_transactions", account=account, cursor=0)
        for item in page["items"]:
            try:
                category = await hermod.call("categorize", description=item.get("memo") or item["merchant"])
            except hermod.CallError:
                category = "other"
            spent[category] += item["amount"]
    for category, limit in LIMITS.items():
        if spent[category] > limit:
            over = spent[category] - limit
            await hermod.call("send_alert", to="me", text=f"{category}: {over:.2f} over the limit")
            print(f"{category}: OVER by {over:.2f}")
        else:
            print(f"{category}: ok")


asyncio.run(main())
