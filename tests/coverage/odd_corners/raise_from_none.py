import asyncio

import hermod


async def main():
    try:
        try:
            a = await hermod.call("classify", text="a")
            b = await hermod.call("classify", text="b")
        except hermod.CallError as e:
            raise KeyError(str(e)) from None
        print(a, b)
    except KeyError as k:
        print("key", k)


asyncio.run(main())
