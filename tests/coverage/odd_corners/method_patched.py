import asyncio

import hermod


class A:
    async def go(self, t):
        return await hermod.call("classify", text=t)


async def loud(self, t):
    print("loud", t)
    return t


async def main():
    a = A()
    print(await a.go("x"))
    A.go = loud
    print(await a.go("y"))
    print(await hermod.call("embed", text="z"))


asyncio.run(main())
