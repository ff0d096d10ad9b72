# The list comes from the first call; its items are independent.
# must: t[0] + max(t[1:])
import asyncio

import hermod


async def main():
    words = await hermod.call("keywords", text="a long letter about many things")
    for number, word in enumerate(words, start=1):
        german = await hermod.call("translate", text=f"{number} {word}", language="German")
        print(f"{number}. {word}: {german}")


asyncio.run(main())
