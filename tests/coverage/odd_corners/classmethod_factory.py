import asyncio

import hermod


class A:
    def __init__(self, t):
        self.t = t

    @classmethod
    def make(cls, t):
        print("make", t)
        return cls(t)

    async def go(self):
        return await hermod.call("classify", text=self.t)


async def main():
    for t in "ab":
        a = A.make(t)
        print(await a.go())
    print(await A.make("c").go(), await A.make("d").go())


asyncio.run(main())
