# Each object notes what it said; the calls look at what it was made of.
# must: max(t)
import asyncio

import hermod


class Speaker:
    def __init__(self, name, stance):
        self.name = name
        self.stance = stance
        self.said = []

    async def speak(self, topic):
        line = await hermod.call("summarize", text=f"{self.name} {self.stance} {topic}")
        self.said.append(line)
        return line


async def main():
    speakers = [Speaker("Ann", "for"), Speaker("Bob", "against"), Speaker("Cy", "about")]
    for speaker in speakers:
        print(speaker.name, await speaker.speak("trams"))
    print(sum(len(speaker.said) for speaker in speakers))


asyncio.run(main())
