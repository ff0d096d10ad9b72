import asyncio

import hermod


async def main():
    early = "x"
    for t in "ab":
        print(early, await hermod.call("classify", text=t))
    classify_call = "mine"
    a = await hermod.call("classify", text="a")
    b = await hermod.call("classify", text="b")
    print(classify_call, a, b)


asyncio.run(main())
