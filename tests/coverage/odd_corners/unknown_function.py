import asyncio

import hermod


async def main():
    a = await hermod.call("classify", text="a")
    try:
        print(await hermod.call("nope", text="a"))
    except hermod.CallError as e:
        print(e)
    print(a, await hermod.call("classify", text="b"))


asyncio.run(main())
