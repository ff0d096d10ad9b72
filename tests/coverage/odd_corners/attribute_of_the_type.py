import asyncio

import hermod


class Counted:
    count = 0
    steps = 0
    tone = "calm"

    def __init__(self, words: list[str]):
        self.words = words

    async def by_type(self):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.count} {word}")
            type(self).count += 1
            print(line)

    async def by_variable(self):
        kind = type(self)
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.steps} {word}")
            kind.steps += 1
            print(line)

    async def by_parameter(self, kind):
        for word in self.words:
            line = await hermod.call("summarize", text=f"{self.tone} {word}")
            kind.tone = line
            print(line)


async def main():
    counted = Counted(["a", "b", "c"])
    await counted.by_type()
    await counted.by_variable()
    await counted.by_parameter(Counted)
    print(Counted.count, Counted.steps, Counted.tone)


asyncio.run(main())
