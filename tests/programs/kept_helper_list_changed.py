import asyncio

import hermod


async def look(words):
    first = await hermod.call("classify", text="x")
    print(first)
    return await hermod.call("summarize", text=first + "".join(words))


async def main():
    words = []
    for page in ["a", "b", "c"]:
        words.append(page)
        summary = await look(words)
        if summary > "zz":
            break
        words.append(summary)


asyncio.run(main())
