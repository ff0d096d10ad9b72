import asyncio

import hermod


class Speaker:
    def __init__(self, name):
        self.name = name
        self.said = []
        self.mood = "calm"

    async def speak(self, other):
        line = await hermod.call("summarize", text=f"{self.name} {self.mood} {other.mood}")
        self.said.append(line)
        other.mood = line
        return line

    async def rename(self):
        self.name = await hermod.call("classify", text=self.name)


async def main():
    first = Speaker("Ann")
    speakers = [first, Speaker("Bob"), first]
    for speaker in speakers:
        print(await speaker.speak(first))
    for speaker in speakers:
        await speaker.rename()
        print(speaker.name)
    for speaker in speakers:
        print(await hermod.call("summarize", text=f"{speaker.name} {speaker.said}"))
        speakers[0].name += "!"
    for other in speakers:
        print(await hermod.call("summarize", text=f"{other.name} {other.mood}"))
        first.name += "?"


asyncio.run(main())
