# Each object answers what it said last: the second round waits for the first.
# keeps: A3 prints
# takes: t[0] + t[1] + t[2] + t[3]
import asyncio

import hermod


class Speaker:
    def __init__(self, name):
        self.name = name
        self.said = ["nothing"]

    async def speak(self):
        line = await hermod.call("summarize", text=f"{self.name} after {self.said[-1]}")
        self.said.append(line)
        return line


async def main():
    speakers = [Speaker("Ann"), Speaker("Bob")]
    for speaker in speakers:  # <- here
        print(speaker.name, await speaker.speak())  # <- here
    for speaker in speakers:
        print(speaker.name, await speaker.speak())


asyncio.run(main())
