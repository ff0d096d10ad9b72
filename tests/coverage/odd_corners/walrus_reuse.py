import asyncio

import hermod


async def main():
    if (n := len(await hermod.call("classify", text="a"))) > 3 and (
        m := len(await hermod.call("classify", text="b"))
    ) > 2:
        print(n, m)
    print(n)


asyncio.run(main())
