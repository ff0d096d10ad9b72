import asyncio

import hermod


async def main():
    shelves = {"top": ["a", "b"], "low": ["c", "z"]}
    kinds = [await hermod.call("search", query=book) for books in shelves.values() for book in books]
    print(kinds)
    labels = {
        book: await hermod.call("search", query=name + book)
        for name, books in shelves.items()
        if name != "high"
        for book in books
        if book != "z"
    }
    print(labels)
    hits = [hit + "!" for query in ["q", "r"] for hit in await hermod.call("search", query=query)]
    print(hits, [await hermod.call("classify", text=x + y) for x in "ab" for y in ["c", "d"]])


asyncio.run(main())
