import asyncio

import hermod


class Reader:
    def __init__(self, language):
        self.language = language

    async def read(self, text):
        summary = await hermod.call("summarize", text=text)
        return await hermod.call("translate", text=summary, language=self.language)


async def main():
    reader = Reader("de")
    for text in ["a", "b", "c"]:
        answer = await reader.read(text)
        print(text, answer)


asyncio.run(main())
