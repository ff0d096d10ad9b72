# Each object has a chain of two; the chains are independent.
# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


class Document:
    def __init__(self, text):
        self.text = text

    async def shorten(self):
        return await hermod.call("summarize", text=self.text)

    async def sort(self):
        return await hermod.call("classify", text=await self.shorten())


async def main():
    for document in [Document("a letter"), Document("an invoice")]:
        print(document.text, await document.sort())


asyncio.run(main())
