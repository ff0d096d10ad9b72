# Each call takes 1 s. Serial 3 s; guessing 4 at a time 1 s; in vain 0.
import asyncio

import hermod


async def main():
    label = await hermod.call("classify", text="a letter")
    if label == "":
        print("nothing to read")
    else:
        summary = await hermod.call("summarize", text="a letter")
        translation = await hermod.call("translate", text="a letter")
        print(label, summary, translation)


asyncio.run(main())
