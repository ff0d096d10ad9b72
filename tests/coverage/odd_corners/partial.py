import asyncio
import functools

import hermod


async def main():
    ask = functools.partial(hermod.call, "classify")
    print(await ask(text="a"))
    print(await ask(text="b"))


asyncio.run(main())
