import asyncio

import hermod


class A:
    def __init__(self):
        self.x = 1

    async def go(self, t):
        self.last = await hermod.call("classify", text=t)
        return self.last


async def main():
    a = A()
    print(sorted(vars(a)))
    await a.go("x")
    print(sorted(vars(a)))
    print(await a.go("y"), vars(a))


asyncio.run(main())
