import asyncio

import hermod


async def main():
    queue = ["a", "b"]
    visited = []
    while queue and len(visited) < 5:
        query = queue.pop(0)
        if query in visited:
            continue
        visited.append(query)
        try:
            found = await hermod.call("search", query=query)
            label = await hermod.call("classify", text=query)
        except hermod.CallError as error:
            print("no", query, error)
            queue.append(query + "!")
            continue
        summary = await hermod.call("summarize", text=label)
        print(query, summary)
        queue.extend(text for text in found if text not in visited)
    print(visited)


asyncio.run(main())
