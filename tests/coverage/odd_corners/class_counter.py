import asyncio

import hermod


class A:
    count = 0

    def __init__(self):
        A.count += 1
        self.n = A.count

    async def go(self):
        return f"{self.n}/{A.count} " + await hermod.call("classify", text=str(self.n))


async def main():
    print(await A().go())
    print(await A().go())
    things = [A(), A()]
    for t in things:
        print(await t.go())


asyncio.run(main())
