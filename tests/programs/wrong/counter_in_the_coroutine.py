# serial: counter_first
import asyncio

import hermod


async def main():
    count = 0
    found = []

    async def ask(text):
        nonlocal count
        category = await hermod.call("classify", text=text)
        count += 1
        return count, category

    async with hermod.ahead() as early:
        async for count_now, category in early.each(ask, ["a", "b", "c"]):
            found.append((count_now, category))
    print(sorted(found, key=lambda pair: pair[1]))


asyncio.run(main())
