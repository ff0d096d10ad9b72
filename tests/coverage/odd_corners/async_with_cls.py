import asyncio

import hermod


class R:
    def __init__(self, n):
        self.n = n

    async def __aenter__(self):
        print("in", self.n)
        return await hermod.call("classify", text=self.n)

    async def __aexit__(self, *e):
        print("out", self.n, e[0] is None)
        return self.n == "b"


async def main():
    for n in "ab":
        async with R(n) as r:
            print(r, await hermod.call("embed", text=r))
    print(await hermod.call("embed", text="end"))


asyncio.run(main())
