import asyncio
import collections

import hermod


async def main():
    P = collections.namedtuple("P", "x y")
    p = P("a", "b")
    for q in [p, p._replace(x="c")]:
        print(await hermod.call("classify", text=q.x), await hermod.call("classify", text=q.y))


asyncio.run(main())
