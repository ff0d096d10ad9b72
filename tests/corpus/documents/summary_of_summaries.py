"""Summarise the annual report section by section, then give me one overall summary."""
# shape: map-reduce; tags:
import asyncio

import hermod


async def main():
    sections = await hermod.call("split_document", path="annual_report.pdf")
    partial = []
    for section in sections:
        summary = await hermod.call("summarize", text=section["text"], max_words=50)
        partial.append(f"{section['title']}: {summary}")
    overall = await hermod.call("summarize", text="\n".join(partial), max_words=80)
    print(overall)
    print("---")
    print("\n".join(partial))


asyncio.run(main())
