"""Summarise the search results on 'heat pumps' in English, whatever language they are in."""
# shape: translate-if-needed; tags: effects
import asyncio
import hermod


async def main():
    hits = await hermod.call("search_docs", query="heat pumps", limit=5)
    if not hits:
        print("nothing found")
        return
    for hit in hits:
        document = await hermod.call("fetch_document", id=hit["id"])
        text = document["text"]
        if document["language"] != "en":
            text = await hermod.call("translate", text=text, language="en")
        summary = await hermod.call("summarize", text=text)
        print(f"{hit['title']} [{document['language']}]: {summary}")


asyncio.run(main())
