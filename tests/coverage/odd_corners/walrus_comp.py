import asyncio

import hermod


async def main():
    r = [y for t in "ab" if (y := await hermod.call("classify", text=t)) > "a"]
    print(r, y)


asyncio.run(main())
