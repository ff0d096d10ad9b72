# must: max(t)
import asyncio

import hermod


class Translator:
    def __init__(self, language):
        self.language = language

    async def translate(self, text):
        return await hermod.call("translate", text=text, language=self.language)


async def main():
    german = Translator("German")
    for text in ["good day", "good night", "good bye"]:
        print(text, await german.translate(text))


asyncio.run(main())
