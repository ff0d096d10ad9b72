import asyncio
import sys

import hermod


async def main():
    for t in ["a", "b", "c"]:
        print(await hermod.call("classify", text=t))
        if t == "b":
            sys.exit(2)


asyncio.run(main())
