import asyncio

import hermod


async def main():
    found = 0
    for name in ["a", "b", "c"]:
        category = await hermod.call("classify", text=name)
        if category < "h":
            print("skipped", name)
            continue
        summary = await hermod.call("summarize", text=category)
        found += 1
        print(found, summary)


asyncio.run(main())
