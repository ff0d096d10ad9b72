import asyncio

import hermod


async def main():
    a = await hermod.call("classify", text="a")
    print(a)
    b = await hermod.call("classify", text=LATE)
    print(b)

asyncio.run(main())
LATE = "x"
