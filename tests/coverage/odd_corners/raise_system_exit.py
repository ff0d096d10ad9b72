import asyncio

import hermod


async def main():
    for t in ["a", "b", "c"]:
        c = await hermod.call("classify", text=t)
        if c > "n":
            raise SystemExit(c)
        print(c)


asyncio.run(main())
