# The loop adds to what it walks along, by another name.
# keeps: A6 walks along
import asyncio

import hermod


class Crawler:
    def __init__(self, pages: list[str]):
        self.pages = pages
        self.open = self.pages

    async def crawl(self):
        for page in self.pages:  # <- here
            title = await hermod.call("summarize", text=page)
            if len(self.pages) < 4:
                self.open.append(page + "!")
            print(title)


async def main():
    await Crawler(["one", "two"]).crawl()


asyncio.run(main())
