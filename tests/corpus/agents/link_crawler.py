# User: Crawl from our home page, at most six pages, and list the authors.
# shape: crawl-frontier; tags: effects, failures
import asyncio
from collections import deque

import hermod


async def main():
    queue = deque(["https://example.org"])
    visited = []
    authors = {}
    while queue and len(visited) < 6:
        url = queue.popleft()
        if url in visited:
            continue
        visited.append(url)
        try:
            page = await hermod.call("fetch_page", url=url)
        except hermod.CallError as error:
            print("skip", url, error)
            continue
        summary = await hermod.call("ask_model", prompt=f"One line about: {page['text']}")
        print(url, "-", summary)
        author = page.get("author")
        if author:
            authors.setdefault(author, []).append(url)
        queue.extend(link for link in page["links"] if link not in visited)
    for author, urls in sorted(authors.items()):
        print(f"{author}: {len(urls)} pages")


asyncio.run(main())
