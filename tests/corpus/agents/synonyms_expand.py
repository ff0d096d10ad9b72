# User: Search for "quiet keyboards" and three rephrasings, merge results without duplicates, summarise the top.
# shape: query-expansion; tags: effects
import asyncio
import hermod


async def main():
    query = "quiet keyboards"
    queries = [query]
    for style in ("formal", "casual", "technical"):
        queries.append(await hermod.call("ask_model", prompt=f"{style}: {query}"))
    seen, merged = set(), []
    for text in queries:
        for hit in await hermod.call("web_search", query=text):
            if hit["url"] in seen:
                continue
            seen.add(hit["url"])
            merged.append(hit)
    print(len(merged), "results for", len(queries), "queries")
    for hit in merged[:3]:
        page = await hermod.call("fetch_page", url=hit["url"])
        print("-", hit["title"], ":", await hermod.call("ask_model", prompt=f"Sum up {page['text']}"))


asyncio.run(main())
