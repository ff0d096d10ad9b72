# must: max(t)
import asyncio

import hermod


async def main():
    best, best_score = None, -1.0
    for name in ["ann", "bob", "cid", "dan"]:
        score = await hermod.call("embed", text=name)
        if score > best_score:
            best, best_score = name, score
            print("better:", name)
    print(best, best_score)


asyncio.run(main())
