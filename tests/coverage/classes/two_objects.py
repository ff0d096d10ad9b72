# must: max(t)
import asyncio

import hermod


class Shop:
    def __init__(self, name, items):
        self.name, self.items = name, items

    async def total(self):
        return sum([await hermod.call("price", item=f"{self.name} {item}") for item in self.items])


async def main():
    north = Shop("north", ["pear", "plum"])
    south = Shop("south", ["fig", "lime"])
    print(await north.total())
    print(await south.total())


asyncio.run(main())
