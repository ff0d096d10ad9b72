import asyncio

import hermod


async def main():
    rows = [{"t": "a"}, {"t": "b"}]
    rows.append(rows[0])
    for row in rows:
        category = await hermod.call("classify", text=row["t"])
        row["t"] = category
        print(category)


asyncio.run(main())
