import asyncio

import hermod


async def main():
    query = "a"
    for step in range(3):
        found = await hermod.call("search", query=query)
        closed = await hermod.call("close_ticket", id=step, reason=query)
        summary = await hermod.call("summarize", text=query)
        print(step, closed, summary)
        if not found:
            break
        query = found[0]
    print(query)


asyncio.run(main())
