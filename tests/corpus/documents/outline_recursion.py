"""Summarise the nested outline from the leaves up."""
# shape: tree-recursion; tags: helpers
import asyncio

import hermod

OUTLINE = {
    "Energy": {"Solar": {"Roofs": {}, "Farms": {}}, "Wind": {"Onshore": {}, "Offshore": {}}},
    "Transport": {"Rail": {}, "Road": {"Cars": {}, "Buses": {}}},
}


async def summarise(title: str, children: dict, depth: int = 0) -> str:
    if not children:
        return await hermod.call("summarize", text=title)
    parts = []
    for child, grandchildren in children.items():
        parts.append(await summarise(f"{title}/{child}", grandchildren, depth + 1))
    return await hermod.call("summarize", text=f"{title} ({depth}): " + "; ".join(parts))


async def main():
    for title, children in OUTLINE.items():
        print(f"{title}: {await summarise(title, children)}")


asyncio.run(main())
