# must: max(t)
import asyncio

import hermod


async def main():
    names = ["ann", "bob", "cid"]
    letters = ["see you", "good bye", "come home"]
    for name, letter in zip(names, letters):
        summary = await hermod.call("summarize", text=letter)
        mood = await hermod.call("classify", text=name + letter)
        print(name, summary, mood)


asyncio.run(main())
