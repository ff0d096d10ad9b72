import asyncio

import hermod


async def main():
    if "a" < await hermod.call("classify", text="a") < await hermod.call("classify", text="b"):
        print("ordered")
    else:
        print("not", await hermod.call("embed", text="x"))


asyncio.run(main())
