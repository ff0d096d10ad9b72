import asyncio

import hermod


class Agent:
    def __init__(self):
        self.history = []

    async def say(self, t):
        r = await hermod.call("summarize", text=t + "|".join(self.history))
        self.history.append(r)
        return r


async def main():
    a = Agent()
    for t in ["x", "y", "z"]:
        print(await a.say(t))


asyncio.run(main())
