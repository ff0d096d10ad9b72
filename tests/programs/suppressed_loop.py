import asyncio

import hermod


from contextlib import suppress


async def main():
    y = "none"
    with suppress(hermod.CallError):
        for t in ["a", "b"]:
            y = await hermod.call("classify", text=t)
    print(y)
    z = await hermod.call("price", item="q")
    print(z)


asyncio.run(main())
