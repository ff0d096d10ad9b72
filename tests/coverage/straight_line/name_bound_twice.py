# `text` is bound anew: the last call hangs on the second binding only.
# must: max(t[0] + t[1], t[2], t[3])
import asyncio

import hermod


async def main():
    text = await hermod.call("summarize", text="monday")
    monday = await hermod.call("classify", text=text)
    print(text, monday)
    text = "tuesday"
    tuesday = await hermod.call("classify", text=text)
    wednesday = await hermod.call("classify", text="wednesday")
    print(text, tuesday, wednesday)


asyncio.run(main())
