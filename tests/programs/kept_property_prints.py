import asyncio

import hermod


class Page:
    def __init__(self, number):
        self.number = number

    @property
    def title(self):
        print("title of", self.number)
        return f"page {self.number}"


async def main():
    for page in [Page(1), Page(2)]:
        category = await hermod.call("classify", text=page.title)
        print(category)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
