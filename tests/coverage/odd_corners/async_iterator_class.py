import asyncio

import hermod


class Pages:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return await hermod.call("classify", text=str(self.n))


async def main():
    async for p in Pages(3):
        print(p)
    print([p async for p in Pages(2)])


asyncio.run(main())
