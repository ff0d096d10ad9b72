import asyncio

import hermod


async def main():
    pairs = []
    for t in ["a", "b", "c"]:
        pairs.append((await hermod.call("embed", text=t), t))
    pairs.sort(reverse=True)
    for s, t in pairs[:2]:
        print(t, await hermod.call("summarize", text=t))


asyncio.run(main())
