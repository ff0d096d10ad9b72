# Time-boxed report with a context manager that prints headings; summarise papers by year.
# shape: with-heading; tags: effects, helpers
import asyncio
from contextlib import contextmanager

import hermod


@contextmanager
def heading(text):
    print(f"== {text} ==")
    yield
    print()


async def main():
    papers = await hermod.call("find_papers", topic="tidal energy")
    by_year = {}
    for paper in papers:
        by_year.setdefault(paper["year"], []).append(paper)
    for year in sorted(by_year):
        with heading(f"Year {year}"):
            for paper in by_year[year]:
                gist = await hermod.call("summarize", text=paper["abstract"])
                references = await hermod.call("get_citations", doi=paper["doi"])
                print(f"{paper['title']} ({paper.get('venue', '?')}): {gist}; cites {len(references)}")


asyncio.run(main())
