# Each item gets its results; the calls for one item have nothing to do with those for the others.
# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


class Letter:
    def __init__(self, text):
        self.text = text
        self.kind = ""
        self.reply = ""


class Desk:
    def __init__(self):
        self.letters: list[Letter] = [Letter("one"), Letter("two")]
        self.done = 0

    async def answer(self):
        for letter in self.letters:
            letter.kind = await hermod.call("classify", text=letter.text)
            letter.reply = await hermod.call("summarize", text=f"{letter.text} {letter.kind}")
            self.done += 1


async def main():
    desk = Desk()
    await desk.answer()
    print(desk.done, [letter.reply for letter in desk.letters])


asyncio.run(main())
