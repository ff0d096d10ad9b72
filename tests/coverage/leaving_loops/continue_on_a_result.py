# Every text is classified; those above "g" are summarised too.
# must: max(t[0] + t[1], t[2], t[3] + t[4], t[5] + t[6])
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c", "d"]:
        category = await hermod.call("classify", text=text)
        if category < "g":
            print("skipped", category)
            continue
        print(await hermod.call("summarize", text=text))


asyncio.run(main())
