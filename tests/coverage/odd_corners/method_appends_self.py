import asyncio

import hermod


class Log:
    lines = []

    def add(self, t):
        self.lines.append(t)

    async def ask(self, t):
        self.add(t)
        c = await hermod.call("classify", text=t)
        self.add(c)
        return c


async def main():
    one, two = Log(), Log()
    for t in "ab":
        print(await one.ask(t), len(two.lines))
    print(await two.ask("z"))
    print(Log.lines)


asyncio.run(main())
