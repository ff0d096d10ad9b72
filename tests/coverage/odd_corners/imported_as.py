import asyncio

import hermod as h


async def main():
    a = await h.call("classify", text="a")
    b = await h.call("classify", text="b")
    print(a, b)


asyncio.run(main())
