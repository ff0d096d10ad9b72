import asyncio

import hermod


async def main():
    groups = {}
    for t in ["a", "b", "c", "d"]:
        k = await hermod.call("classify", text=t)
        groups.setdefault(k, []).append(t)
    for k, ts in sorted(groups.items()):
        s = await hermod.call("summarize", text=" ".join(ts))
        print(k, s)


asyncio.run(main())
