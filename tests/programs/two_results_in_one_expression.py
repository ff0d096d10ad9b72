import asyncio

import hermod


async def main():
    for left, right in [("a", "b"), ("c", "d")]:
        same = await hermod.call("classify", text=left) == await hermod.call("classify", text=right)
        print(left, right, "same" if same else "different")


asyncio.run(main())
