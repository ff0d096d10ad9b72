# keeps: E3 while
import asyncio

import hermod


async def main():
    turn = 0
    while (category := await hermod.call("classify", text=f"page {turn}")) != "quartz":  # <- here
        print(turn, category)
        turn += 1


asyncio.run(main())
