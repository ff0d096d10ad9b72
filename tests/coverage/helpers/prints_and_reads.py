# The helper prints, and calls what reads: its calls could start for all topics at once.
# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


async def look(topic):
    print(f"searching {topic}")
    found = await hermod.call("search", query=topic)
    note = await hermod.call("summarize", text=f"{topic} {found}")
    print(f"{topic}: {note}")
    return note


async def main():
    notes = []
    for topic in ["trams", "buses"]:
        notes.append(await look(topic))
    print(len(notes))


asyncio.run(main())
