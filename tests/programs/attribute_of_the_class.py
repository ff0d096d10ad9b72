import asyncio

import hermod


class Log:
    lines = ["start"]

    def add(self, line):
        self.lines.append(line)


async def main():
    first, second = Log(), Log()
    for text in ["a", "b", "c"]:
        category = await hermod.call("classify", text=text + second.lines[-1])
        first.add(category)
        print(category)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
