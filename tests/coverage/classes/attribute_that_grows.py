# Each call looks at the attribute that the loop adds to.
# keeps: A3 `self.story`
import asyncio

import hermod


class Writer:
    def __init__(self, topics: list[str]):
        self.topics = topics
        self.story = []

    async def run(self):
        for topic in self.topics:  # <- here
            line = await hermod.call("summarize", text=f"{self.story} {topic}")  # <- here
            self.story.append(line)
            print(line)


async def main():
    await Writer(["one", "two", "three"]).run()


asyncio.run(main())
