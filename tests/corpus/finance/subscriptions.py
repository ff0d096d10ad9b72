# Request: find recurring merchants on two pages of transactions and what category they are.
# shape: two-pages-intersect; tags: effects
import asyncio
import hermod


async def merchants(account, cursor):
    page = await hermod.call("list_transactions", account=account, cursor=cursor)
    return {item["merchant"]: item["amount"] for item in page["items"]}


async def main():
    january = await merchants("CARD", 1)
    february = await merchants("CARD", 2)
    both = sorted(set(january) & set(february)) or sorted(january)
    for merchant in both:
        category = await hermod.call("categorize", description=merchant)
        change = february.get(merchant, 0) - january[merchant]
        print(f"{merchant} [{category}]: {january[merchant]:.2f} ({change:+.2f})")


asyncio.run(main())
