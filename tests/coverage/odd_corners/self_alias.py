import asyncio

import hermod


class Bag:
    def __init__(self, items):
        self.items = items

    async def ask(self, t):
        r = await hermod.call("classify", text=t + "".join(self.items))
        return r


async def main():
    shared = ["p"]
    a, b = Bag(shared), Bag(shared)
    x = await a.ask("x")
    b.items.append(x)
    y = await a.ask("y")
    print(x, y, a.items)


asyncio.run(main())
