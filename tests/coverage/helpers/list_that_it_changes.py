# The helper appends to the list that the next call looks at.
# keeps: A3|A5 log
import asyncio

import hermod


async def step(log, name):
    log.append(await hermod.call("summarize", text=name + " ".join(log)))


async def main():
    log = []
    await step(log, "first")
    await step(log, "second")  # <- here
    print(log)


asyncio.run(main())
