import asyncio

import hermod


async def main():
    a_call = hermod.call("classify", text="a")
    b = await hermod.call("classify", text="b")
    c = await hermod.call("summarize", text=b)
    print(c, await a_call)


asyncio.run(main())
