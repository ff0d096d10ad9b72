import asyncio

import hermod


async def main():
    queue = ["a", "b", "c"]
    while queue:
        query = queue.pop(0)
        try:
            found = await hermod.call("search", query=query)
            again = await hermod.call("search", query=found[0])
        except IndexError:
            print("nothing for", query)
            continue
        summary = await hermod.call("summarize", text=query)
        print(query, len(again), summary)
    print("done")


asyncio.run(main())
