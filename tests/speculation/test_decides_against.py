# Each call takes 1 s. Serial 1 s; guessing 4 at a time 1 s; in vain 2.
import asyncio

import hermod


async def main():
    label = await hermod.call("classify", text="a letter")
    if label != "":
        print("read already")
        return
    print(await hermod.call("summarize", text="a letter"))
    print(await hermod.call("translate", text="a letter"))


asyncio.run(main())
