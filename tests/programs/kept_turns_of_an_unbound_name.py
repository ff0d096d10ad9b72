"""`word` is not bound where no item was: that fails in the function, not in a generator of its turns."""

import asyncio

import hermod


async def main():
    for word, _ in {}.items():
        print(word)
    left = 2
    while left > 0:
        left -= 1
        print(await hermod.call("list_tickets", queue=word if word > "d" else "d"))


asyncio.run(main())
