import asyncio

import hermod


async def main():
    for query in ["a", "b"]:
        found = await hermod.call("search", query=query)
        label = await hermod.call("classify", text=query)
        if label > "zz":
            break
        for text in found:
            print(await hermod.call("summarize", text=text))


asyncio.run(main())
