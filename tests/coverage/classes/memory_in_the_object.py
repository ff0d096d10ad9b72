# Each call looks at what the one before left in the object.
# keeps: A3|A5 last
import asyncio

import hermod


class Reader:
    def __init__(self):
        self.last = "nothing"

    async def read(self, text):
        self.last = await hermod.call("summarize", text=f"{text} after {self.last}")
        return self.last


async def main():
    reader = Reader()
    for text in ["one", "two", "three"]:  # <- here
        print(await reader.read(text))  # <- here


asyncio.run(main())
