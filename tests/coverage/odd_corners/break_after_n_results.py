import asyncio

import hermod


async def main():
    hits = []
    for t in ["a", "b", "c", "d", "e"]:
        c = await hermod.call("classify", text=t)
        if c > "g":
            hits.append(t)
        if len(hits) == 2:
            break
    print(hits, t, c)


asyncio.run(main())
