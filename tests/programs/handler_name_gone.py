import asyncio

import hermod


async def main():
    e = "a"
    try:
        q = await hermod.call("classify", text="q")
    except hermod.CallError as e:
        print(e)
    a = await hermod.call("classify", text="b")
    print(a)
    b = await hermod.call("classify", text=e)
    print(b)


asyncio.run(main())
