import asyncio

import hermod


async def main():
    a = await hermod.call("classify", text="a"); b = await hermod.call("classify", text="b")
    for t in ["a"]: print(await hermod.call("classify", text=t))
    print(a, b)


asyncio.run(main())
