"""Summarise each invoice in the archive and store the summary; report which could not be stored."""
# shape: read-summarise-write; tags: effects, failures
import asyncio
import sys

import hermod


async def main():
    hits = await hermod.call("search_docs", query="invoice", limit=10)
    stored, failed = 0, []
    for hit in hits:
        document = await hermod.call("fetch_document", id=hit["id"])
        summary = await hermod.call("summarize", text=document["text"], max_words=30)
        try:
            await hermod.call("save_summary", id=hit["id"], text=summary)
        except hermod.CallError as error:
            print(f"could not store {hit['id']}: {error}", file=sys.stderr)
            failed.append(hit["id"])
        else:
            stored += 1
            print(f"stored {hit['id']}")
    print(f"{stored} stored, {len(failed)} failed")


asyncio.run(main())
