import asyncio

import hermod


async def dig(query, depth=0):
    if depth == 2:
        label = await hermod.call("classify", text=query)
        print(query, label)
        return 1
    found = 0
    for text in (await hermod.call("summarize", text=query)).split("e"):
        found += await dig(text, depth + 1)
    return found


async def main():
    print(await dig("a"))


asyncio.run(main())
