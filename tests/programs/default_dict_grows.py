import asyncio
from collections import defaultdict

import hermod


async def main():
    d = defaultdict(int)
    for x in ["a", "b", "c"]:
        r = await hermod.call("classify", text=x)
        s = d[r]
        t = await hermod.call("classify", text=f"{r}{s}")
        print(t)
    print(dict(d))


asyncio.run(main())
