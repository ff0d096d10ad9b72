import asyncio

import hermod


async def main():
    page, all_items = 0, []
    while True:
        items = await hermod.call("search", query=f"page {page}")
        if not items or page > 2:
            break
        for item in items:
            all_items.append(await hermod.call("classify", text=item))
        page += 1
    print(page, all_items)


asyncio.run(main())
