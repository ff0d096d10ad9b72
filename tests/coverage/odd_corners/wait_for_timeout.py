import asyncio

import hermod


async def main():
    try:
        a = await asyncio.wait_for(hermod.call("classify", text="a"), 0.5)
    except asyncio.TimeoutError:
        a = "late"
    b = await hermod.call("classify", text="b")
    c = await hermod.call("embed", text="b")
    print(a, b, c)


asyncio.run(main())
