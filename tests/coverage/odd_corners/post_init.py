import asyncio
from dataclasses import dataclass

import hermod


made = []


@dataclass
class Job:
    text: str

    def __post_init__(self):
        made.append(self.text)
        print("made", self.text)


async def main():
    for t in "ab":
        c = await hermod.call("classify", text=t)
        job = Job(c)
        d = await hermod.call("summarize", text=job.text)
        print(d, made)


asyncio.run(main())
