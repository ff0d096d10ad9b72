# Each comparison looks at the winner of the one before.
# keeps: A5 winner
import asyncio

import hermod


async def main():
    winner = "ann"
    for name in ["bob", "cid", "dan"]:  # <- here
        score = await hermod.call("compare", first=winner, second=name)  # <- here
        winner = winner if score > 50 else name
    print(winner)


asyncio.run(main())
