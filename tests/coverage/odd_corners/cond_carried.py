import asyncio

import hermod


async def main():
    last = "x"
    for t in ["a", "b", "c"]:
        c = await hermod.call("classify", text=t)
        if c > "m":
            last = c
        print(t, last)
    print(await hermod.call("embed", text=last))


asyncio.run(main())
