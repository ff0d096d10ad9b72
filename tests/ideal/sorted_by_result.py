# ideal: max(t[0:3]) + t[3]
# Which item comes first hangs on the keys of all.
import asyncio

import hermod


async def main():
    scores = []
    for text in ["a", "b", "c"]:
        scores.append((text, await hermod.call("embed", text=text)))
    ranked = sorted(scores, key=lambda pair: pair[1], reverse=True)
    print(await hermod.call("classify", text=ranked[0][0]))


asyncio.run(main())
