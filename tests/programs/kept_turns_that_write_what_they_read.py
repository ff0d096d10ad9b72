import asyncio

import hermod


async def main():
    query = "a"
    for step in range(3):
        found = await hermod.call("search", query=query)
        print(step, found)
        added = await hermod.call("index_add", text=query)
        if not found:
            break
        query = f"{found[0]} {added}"
    print(query)


asyncio.run(main())
