import asyncio

import hermod


class A:
    t = "x"

    async def go(self):
        self.t = await hermod.call("classify", text=self.t)


async def main():
    a = A()
    await a.go()
    await a.go()
    print(a.t, A.t)


asyncio.run(main())
