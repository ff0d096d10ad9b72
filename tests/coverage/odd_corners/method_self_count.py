import asyncio

import hermod


class Agent:
    def __init__(self):
        self.n = 0

    async def say(self, t):
        self.n += 1
        r = await hermod.call("summarize", text=f"{self.n} {t}")
        print(self.n, r)
        return r


async def main():
    a = Agent()
    x = await a.say("p")
    y = await a.say("q")
    for t in ["x", "y", "z"]:
        print(await a.say(t))


asyncio.run(main())
