import asyncio
import itertools

import hermod


async def main():
    for t in itertools.chain(["a"], ["b", "c"]):
        print(await hermod.call("classify", text=t))
    for a, b in itertools.product("ab", "xy"):
        print(await hermod.call("classify", text=a + b))


asyncio.run(main())
