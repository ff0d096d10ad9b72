# keeps: E3 while
import asyncio

import hermod


async def main():
    turn = 0
    while True:  # <- here
        turn += 1
        score = await hermod.call("embed", text=f"try {turn}")
        print(turn, score)
        if score > 70 or turn > 5:
            break


asyncio.run(main())
