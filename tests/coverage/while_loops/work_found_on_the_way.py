# The newest work is done first, and calls find it.
# keeps: E3 while
import asyncio

import hermod


async def main():
    waiting, seen = ["start"], []
    while waiting and len(seen) < 4:  # <- here
        text = waiting.pop()
        seen.append(text)
        waiting.extend(await hermod.call("search", query=text))
    print(seen)


asyncio.run(main())
