# Find papers worth reading: several filters, each only if the previous one passed.
# shape: filter-cascade; tags: effects
import asyncio
import hermod

async def main():
    worth = []
    for paper in await hermod.call("find_papers", topic="graph databases"):
        if paper["year"] < 5:
            continue
        if paper["citations"] < 3:
            continue
        relevance = await hermod.call("rate", text=paper["abstract"], aspect="relevance")
        if relevance < 30:
            print("irrelevant:", paper["title"])
            continue
        novelty = await hermod.call("rate", text=paper["abstract"], aspect="novelty")
        if novelty < 30:
            print("not new:", paper["title"])
            continue
        worth.append((paper["title"], await hermod.call("summarize", text=paper["abstract"])))
    for title, gist in worth:
        print(title, "=>", gist)

asyncio.run(main())
