import asyncio
from contextlib import suppress

import hermod


async def main():
    query = "a"
    for step in range(3):
        with suppress(hermod.CallError):
            label = await hermod.call("classify", text=query)
            query = label
        found = await hermod.call("search", query=query)
        print(step, query, len(found))
        if not found:
            break
        query = found[0]
    print(query)


asyncio.run(main())
