# ideal: max(t[0:3]) + t[3]
# The best hangs on every comparison.
import asyncio

import hermod


async def main():
    best, best_score = None, -1.0
    for text in ["a", "b", "c"]:
        score = await hermod.call("embed", text=text)
        if score > best_score:
            best, best_score = text, score
    print(await hermod.call("classify", text=best))


asyncio.run(main())
