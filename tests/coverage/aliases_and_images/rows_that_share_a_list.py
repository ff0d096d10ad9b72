# All rows are one list: what a turn puts in is what the next one asks about.
# keeps: A3|A5 rows
import asyncio

import hermod


async def main():
    rows = [["start"]] * 3
    for number, row in enumerate(rows):  # <- here
        row[0] = await hermod.call("summarize", text=f"{number} {row[0]}")  # <- here
    print(rows)


asyncio.run(main())
