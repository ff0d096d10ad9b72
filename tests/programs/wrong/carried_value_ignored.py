# serial: kept_carried
import asyncio

import hermod


async def main():
    text = "start"

    async def step_once(step):
        return step, await hermod.call("summarize", text=text)

    async with hermod.ahead() as early:
        async for step, text_now in early.each(step_once, range(3)):
            print(step, text_now)


asyncio.run(main())
