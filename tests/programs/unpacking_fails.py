import asyncio

import hermod


async def main():
    data = [("a", "b"), ("c",), ("d", "e")]
    for left, right in data:
        c = await hermod.call("classify", text=left)
        print(c, right)


asyncio.run(main())
