# must: max(t)
import asyncio

import hermod


class Source:
    kind = "thing"

    async def describe(self, name):
        return await hermod.call("summarize", text=f"{self.kind} {name}")


class Bird(Source):
    kind = "bird"


async def main():
    source = Bird()
    first = await source.describe("owl")
    second = await source.describe("wren")
    print(first, second)


asyncio.run(main())
