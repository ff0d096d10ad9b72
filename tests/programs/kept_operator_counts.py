import asyncio

import hermod


class Tally:
    def __init__(self):
        self.total = 0

    def __add__(self, number):
        self.total += number
        return self


async def main():
    tally = Tally()
    for text in ["a", "b", "c"]:
        category = await hermod.call("classify", text=f"{text}{tally.total}")
        tally = tally + len(category)
        print(category, tally.total)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
