import asyncio

import hermod


class A:
    async def go(self, t):
        return await hermod.call("classify", text=t)


async def loud(t):
    print("loud", t)
    return t


async def main():
    a, b = A(), A()
    a.go = loud
    print(await a.go("x"))
    print(await b.go("y"))
    print(await hermod.call("embed", text="z"))


asyncio.run(main())
