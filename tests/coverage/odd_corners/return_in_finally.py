import asyncio

import hermod


async def f():
    try:
        a = await hermod.call("classify", text="a")
        b = await hermod.call("classify", text="b")
        return a + b
    finally:
        return "none"


async def main():
    print(await f())
    print(await hermod.call("embed", text="x"))


asyncio.run(main())
