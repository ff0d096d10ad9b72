# must: max(t)
import asyncio

import hermod


class Page:
    def __init__(self, number):
        self.number = number

    @property
    def title(self):
        return f"page {self.number}"

    @staticmethod
    async def read(title):
        return await hermod.call("classify", text=title)


async def main():
    for page in [Page(1), Page(2), Page(3)]:
        print(page.title, await Page.read(page.title))


asyncio.run(main())
