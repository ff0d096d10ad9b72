# The sections at once, then the whole.
import asyncio

import hermod


async def main():
    sections = await hermod.call("split_document", path="annual_report.pdf")
    summaries = await asyncio.gather(
        *(hermod.call("summarize", text=section["text"], max_words=50) for section in sections)
    )
    partial = [f"{section['title']}: {summary}" for section, summary in zip(sections, summaries)]
    print(await hermod.call("summarize", text="\n".join(partial), max_words=80))
    print("---")
    print("\n".join(partial))


asyncio.run(main())
