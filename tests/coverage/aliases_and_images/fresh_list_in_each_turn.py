# must: max(t)
import asyncio

import hermod


async def main():
    for name in ["ann", "bob", "cid"]:
        words = ["dear", name]
        words.append("!")
        words[0] = words[0].title()
        letter = await hermod.call("summarize", text=" ".join(words))
        print(name, letter)


asyncio.run(main())
