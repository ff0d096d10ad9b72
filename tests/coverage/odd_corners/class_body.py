import asyncio

import hermod


class Config:
    items = ["a", "b"]
    seen = []

    @classmethod
    async def ask(cls, t):
        cls.seen.append(t)
        return await hermod.call("classify", text=t + str(len(cls.seen)))


async def main():
    for t in Config.items:
        print(await Config.ask(t))
    print(Config.seen)


asyncio.run(main())
