import asyncio

import hermod


made = []


class A:
    def __init__(self, t):
        made.append(t)
        self.t = f"{t}{len(made)}"

    async def go(self):
        return await hermod.call("classify", text=self.t)


async def main():
    for t in "abc":
        print(await A(t).go())
    print(made)


asyncio.run(main())
