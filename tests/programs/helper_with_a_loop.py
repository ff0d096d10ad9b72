import asyncio

import hermod


async def inner(t, tags):
    found = []
    for tag in tags:
        c = await hermod.call("classify", text=t + tag)
        found.append(c)
    return found


async def main():
    tags = ["x", "y"]
    table = {}
    for t in ["a", "b"]:
        table[t] = await inner(t, tags)
        tags.append(t)
    print(table)


asyncio.run(main())
