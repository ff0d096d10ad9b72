import asyncio

import hermod


async def main():
    x = "a"
    try:
        x = await hermod.call("classify", text="q")
    except hermod.CallError as x:
        pass
    a = await hermod.call("classify", text="b")
    print(a)
    b = await hermod.call("classify", text="a" + x)
    print(b)


asyncio.run(main())
