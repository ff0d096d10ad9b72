# must: max(t)
import asyncio

import hermod


class Indented:
    depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, *_):
        self.depth -= 1

    def line(self, text):
        print("  " * self.depth + text)


async def main():
    with Indented() as page:
        for item in ["pear", "plum", "fig"]:
            price = await hermod.call("price", item=item)
            page.line(f"{item}: {price}")


asyncio.run(main())
