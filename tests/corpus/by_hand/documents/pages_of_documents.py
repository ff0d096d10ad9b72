# A page hangs on the one before; what is on it does not hold up the next.
import asyncio

import hermod


async def line(entry):
    document = await hermod.call("fetch_document", id=entry["id"])
    summary = await hermod.call("summarize", text=document["text"], max_words=20)
    return f"{entry['id']:>3} {entry['title']}: {summary}"


async def main():
    lines, cursor = [], 0
    for _ in range(4):
        page = await hermod.call("list_documents", cursor=cursor)
        lines += [asyncio.create_task(line(entry)) for entry in page["items"]]
        if not page["more"]:
            break
        cursor = page["next"]
    for one in lines:
        print(await one)
    print(len(lines), "documents")


asyncio.run(main())
