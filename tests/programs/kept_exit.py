import asyncio

import hermod


import sys


async def main():
    for t in ["a", "b", "c"]:
        c = await hermod.call("classify", text=t)
        print(c)
        if c > "h":
            sys.exit(3)


asyncio.run(main())
