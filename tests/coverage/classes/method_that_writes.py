# keeps: E2 count_up
import asyncio

import hermod


class Counter:
    def __init__(self, name):
        self.name = name

    async def more(self, by):
        return await hermod.call("count_up", name=self.name, by=by)


async def main():
    counter = Counter("visits")
    for by in [1, 2, 3]:  # <- here
        print(await counter.more(by))  # <- here


asyncio.run(main())
