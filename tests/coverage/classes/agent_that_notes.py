# The loop adds to one attribute of its object; the calls look at another, and it walks along a third.
# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


class Agent:
    def __init__(self, role: str, topics: list[str]):
        self.role = role
        self.topics = topics
        self.notes = []

    async def run(self):
        for topic in self.topics:
            print(f"[{self.role}] {topic}")
            found = await hermod.call("search", query=topic)
            note = await hermod.call("summarize", text=f"{self.role}: {topic} {found}")
            self.notes.append(note)
            print(f"[{self.role}] {note}")
        return self.notes


async def main():
    agent = Agent("critic", ["trams", "buses"])
    print(len(await agent.run()))


asyncio.run(main())
