import asyncio
import sys

import hermod


async def main():
    print("a", file=sys.stderr)
    x = await hermod.call("classify", text="a")
    sys.stderr.write(x)
    sys.stdout.flush()
    y = await hermod.call("classify", text="b")
    print(y, file=sys.stderr, end="")


asyncio.run(main())
