import asyncio
import sys

import hermod


async def main():
    n = sys.stdout.write(await hermod.call("classify", text="a"))
    m = sys.stdout.write(await hermod.call("classify", text="b"))
    print(n, m)


asyncio.run(main())
