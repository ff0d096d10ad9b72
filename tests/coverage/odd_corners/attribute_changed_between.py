import asyncio

import hermod


class A:
    def __init__(self, t):
        self.t = t

    async def go(self):
        return await hermod.call("classify", text=self.t)


async def main():
    a = A("x")
    one = await a.go()
    a.t = "y"
    two = await a.go()
    a.__dict__["t"] = "z"
    three = await a.go()
    setattr(a, "t", "w")
    four = await a.go()
    print(one, two, three, four)


asyncio.run(main())
