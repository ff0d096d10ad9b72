import asyncio

import hermod


async def main():
    fs = [lambda: hermod.call("classify", text=t) for t in "ab"]
    for f in fs:
        print(await f())


asyncio.run(main())
