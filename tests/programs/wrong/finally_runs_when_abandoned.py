# serial: finally_around_call
import asyncio

import hermod


async def main():
    async def ask(text):
        try:
            return await hermod.call("classify", text=text)
        finally:
            print("done", text)

    async with hermod.ahead() as early:
        async for category in early.each(ask, ["a", "b"]):
            print(category)


asyncio.run(main())
