import asyncio

import hermod


async def main():
    rows = [{"t": "a"}, {}, {"t": "b"}]
    for row in rows:
        print("row")
        c = await hermod.call("classify", text=row["t"])
        print(c)


asyncio.run(main())
