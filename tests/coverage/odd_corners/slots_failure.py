import asyncio

import hermod


class A:
    __slots__ = ("x",)

    async def go(self, t):
        r = await hermod.call("classify", text=t)
        self.x = r
        self.y = r
        return r


async def main():
    a = A()
    try:
        print(await a.go("a"))
    except AttributeError:
        print("no y", a.x)
    print(await hermod.call("embed", text="b"))


asyncio.run(main())
