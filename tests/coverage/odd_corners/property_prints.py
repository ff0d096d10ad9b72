import asyncio

import hermod


class P:
    def __init__(self, n):
        self.n = n

    @property
    def title(self):
        print("title of", self.n)
        return f"p{self.n}"


async def main():
    for p in [P(1), P(2)]:
        print(await hermod.call("classify", text=p.title))
    a = P(3)
    x = await hermod.call("embed", text="e")
    y = await hermod.call("classify", text=a.title)
    print(x, y)


asyncio.run(main())
