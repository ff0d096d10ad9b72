import asyncio

import hermod


async def main():
    query, pages = "start", 0
    seen = []
    while True:
        found = await hermod.call("search", query=query)
        pages += 1
        for text in found:
            kind = await hermod.call("classify", text=text)
            seen.append(kind)
            print(pages, kind)
        if not found or pages == 4:
            break
        query = found[-1]
    print(len(seen), query)


asyncio.run(main())
