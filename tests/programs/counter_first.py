import asyncio

import hermod


async def main():
    count = 0
    found = []
    for text in ["a", "b", "c"]:
        count += 1
        category = await hermod.call("classify", text=text)
        found.append((count, category))
    print(found)


asyncio.run(main())
