"""Summarise the documents about 'water', longest first, but read at most 60 pages in total."""
# shape: budget-loop; tags: effects
import asyncio
import hermod

BUDGET = 60


async def main():
    hits = await hermod.call("search_docs", query="water")
    documents = []
    for hit in hits:
        documents.append(await hermod.call("fetch_document", id=hit["id"]))
    documents.sort(key=lambda document: -document["pages"])
    spent = 0
    for document in documents:
        if spent + document["pages"] > BUDGET:
            print("skipped", document["title"], document["pages"])
            continue
        spent += document["pages"]
        summary = await hermod.call("summarize", text=document["text"])
        print(document["title"], ":", summary)
    print(f"{spent} of {BUDGET} pages read")


asyncio.run(main())
