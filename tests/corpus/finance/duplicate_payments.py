# Request: did I pay anything twice? Look at pairs of transactions with equal merchants, summarise each case.
# shape: pairs-with-condition; tags: effects
import asyncio
import hermod


async def main():
    items = []
    for cursor in (0, 1, 2):
        page = await hermod.call("list_transactions", account="CARD", cursor=cursor)
        items.extend(page["items"])
    cases = 0
    for index, first in enumerate(items):
        for second in items[index + 1 :]:
            if first["merchant"] != second["merchant"]:
                continue
            cases += 1
            text = f"{first['merchant']}: {first['amount']} and {second['amount']}"
            print(await hermod.call("summarize", text=text))
    print(f"{cases} cases in {len(items)} transactions")


asyncio.run(main())
