import asyncio

import hermod


async def main():
    seen = []
    f = lambda v: seen.append(v) or v
    for w in [["b", "a"], ["d", "c"]]:
        r = await hermod.call("classify", text=w[0])
        s = sorted(w, key=f)
        t = await hermod.call("classify", text=s[0])
        print(r, t, seen)


asyncio.run(main())
