import asyncio

import hermod


class Book:
    def __init__(self, log):
        self.log = log

    async def note(self, text):
        answer = await hermod.call("classify", text=f"{text}{len(self.log)}")
        self.log.append(answer)
        return answer


async def main():
    log = []
    book = Book(log)
    first = await book.note("a")
    second = await book.note("a")
    size = await hermod.call("summarize", text=f"{len(log)}")
    print(first, second, size, log)
    for text in ["x", "y"]:
        print(await book.note(text), await hermod.call("summarize", text=f"{len(log)}"))


asyncio.run(main())
