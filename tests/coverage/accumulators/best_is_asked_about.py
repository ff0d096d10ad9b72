# The best so far is an argument of the next comparison.
# keeps: A5 best
import asyncio

import hermod


async def main():
    best = "ann"
    for name in ["bob", "cid", "dan"]:  # <- here
        score = await hermod.call("compare", first=best, second=name)  # <- here
        if score > 60:
            best = name
    print(best)


asyncio.run(main())
