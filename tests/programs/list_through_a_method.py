import asyncio

import hermod


class Box:
    def __init__(self):
        self.items = ["x"]

    def all(self):
        return self.items


async def main():
    box = Box()
    alias = box.all()
    for text in ["a", "b", "c"]:
        category = await hermod.call("classify", text=text + alias[-1])
        box.items.append(category)
        print(category)
    for item in alias:
        summary = await hermod.call("summarize", text=item)
        if len(box.all()) < 6:
            box.all().append(summary)
        print(summary)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
