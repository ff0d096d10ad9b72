# keeps: E3 while
import asyncio

import hermod


async def main():
    category, turn = "", 0
    while category != "quartz":  # <- here
        category = await hermod.call("classify", text=f"page {turn}")
        print(turn, category)
        turn += 1


asyncio.run(main())
