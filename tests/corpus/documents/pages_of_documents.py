"""Go through all stored documents and print the title and a short summary of each."""
# shape: cursor-pages; tags: effects
import asyncio
import hermod


async def main():
    cursor = 0
    seen = 0
    for _ in range(4):
        page = await hermod.call("list_documents", cursor=cursor)
        for entry in page["items"]:
            document = await hermod.call("fetch_document", id=entry["id"])
            summary = await hermod.call("summarize", text=document["text"], max_words=20)
            print(f"{entry['id']:>3} {entry['title']}: {summary}")
            seen += 1
        if not page["more"]:
            break
        cursor = page["next"]
    print(seen, "documents")


asyncio.run(main())
