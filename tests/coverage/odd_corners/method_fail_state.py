import asyncio

import hermod


class Agent:
    def __init__(self):
        self.n = 0

    async def say(self, t):
        self.n += 1
        return await hermod.call("summarize", text=t)


async def main():
    a = Agent()
    try:
        for t in ["x", "y", "z"]:
            print(await a.say(t))
    except hermod.CallError:
        print("failed")
    print(a.n)


asyncio.run(main())
