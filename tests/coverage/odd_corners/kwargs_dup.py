import asyncio

import hermod


async def main():
    opts = {"text": "a"}
    try:
        print(await hermod.call("classify", text="b", **opts))
    except TypeError as e:
        print("type error")
    print(await hermod.call("embed", text="x"))


asyncio.run(main())
