# keeps: E3 break
import asyncio

import hermod


class Judge:
    limit = 70

    async def passes(self, text):
        return await hermod.call("embed", text=text) > self.limit


async def main():
    judge = Judge()
    for text in ["a", "b", "c"]:  # <- here
        if await judge.passes(text):
            print("found", text)
            break


asyncio.run(main())
