import asyncio
import random

import hermod


async def main():
    random.seed(1)
    for t in "abc":
        c = await hermod.call("classify", text=t + str(random.randint(0, 9)))
        print(c, random.random())


asyncio.run(main())
