# The object hands out its items one by one, and prints.
# keeps: A6 items
import asyncio

import hermod


class Pages:
    def __init__(self, count):
        self.left = count

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        print("turned to", self.left)
        return f"page {self.left}"


async def main():
    for page in Pages(3):  # <- here
        print(await hermod.call("classify", text=page))


asyncio.run(main())
