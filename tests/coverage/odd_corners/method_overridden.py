import asyncio

import hermod


class A:
    async def go(self, t):
        return await hermod.call("classify", text=t)


class B(A):
    async def go(self, t):
        print("B goes", t)
        return await super().go(t + "b")


async def main():
    for o in [A(), B(), A()]:
        print(await o.go("t"))
    a = await A().go("u")
    b = await B().go("u")
    print(a, b)


asyncio.run(main())
