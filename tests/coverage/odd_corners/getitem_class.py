import asyncio

import hermod


class Lazy:
    def __getitem__(self, k):
        print("get", k)
        return k * 2


async def main():
    l = Lazy()
    a = await hermod.call("classify", text=l["a"])
    b = await hermod.call("classify", text=l["b"])
    print(a, b)


asyncio.run(main())
