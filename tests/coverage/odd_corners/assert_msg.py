import asyncio

import hermod


async def main():
    a = await hermod.call("classify", text="a")
    assert a, await hermod.call("summarize", text="msg")
    b = await hermod.call("classify", text="b")
    print(a, b)


asyncio.run(main())
