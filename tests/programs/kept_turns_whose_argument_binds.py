import asyncio

import hermod


async def main():
    query = "a"
    for step in range(3):
        found = await hermod.call("search", query=(asked := query + "?"))
        label = await hermod.call("classify", text=asked)
        print(step, asked, label)
        if not found:
            break
        query = found[0]
    print(query)


asyncio.run(main())
