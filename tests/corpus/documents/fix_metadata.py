"""Set the 'kind' field of each document about taxes to what it really is, unless it is right already."""
# shape: read-then-conditional-write; tags: effects
import asyncio
import hermod


async def main():
    changed = 0
    for hit in await hermod.call("search_docs", query="taxes"):
        document = await hermod.call("fetch_document", id=hit["id"])
        kind = await hermod.call("classify", text=document["text"])
        tags = document.get("tags", [])
        if kind in tags:
            print(hit["id"], "is right")
            continue
        if await hermod.call("update_document", id=hit["id"], field="kind", value=kind):
            changed += 1
            print(hit["id"], "is now", kind)
        else:
            print(hit["id"], "is locked")
    print(changed, "changed")


asyncio.run(main())
