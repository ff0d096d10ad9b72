import asyncio

import hermod


class Notes:
    shared = []

    def __init__(self, words: list[str]):
        self.words = words
        self.seen = []
        self.log = self.seen
        self.title = "none"

    def note(self, word):
        self.title = word
        self.__class__.shared.append(word)

    async def by_alias(self):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.log} {word}")
            self.seen.append(line)
            print(line)

    async def by_method(self):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.title} {word} {len(self.shared)}")
            self.note(line)
            print(line)

    async def by_other(self, other):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.title} {word} {self.shared}")
            other.title = line
            other.shared.append(word)
            print(line)

    async def by_replacing(self):
        for word in self.words:
            line = await hermod.call("classify", text=f"{word} {len(self.words)}")
            self.words = self.words[1:]
            print(line)


async def main():
    notes = Notes(["a", "b", "c"])
    await notes.by_alias()
    await notes.by_method()
    await notes.by_other(notes)
    await notes.by_other(Notes(["d", "e"]))
    await notes.by_replacing()
    print(notes.words, notes.title, notes.log)


asyncio.run(main())
