# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["a", "", "b", "   ", "c"]:
        if not text.strip():
            print("nothing here")
            continue
        print(await hermod.call("summarize", text=text))


asyncio.run(main())
