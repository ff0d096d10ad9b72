"""Give me a timeline of all dates in the three diaries, with what happened."""
# shape: lists-of-tuples; tags:
import asyncio
import hermod

DIARIES = ["1911.txt", "1912.txt", "1913.txt"]


async def main() -> None:
    events: list[tuple[str, str, str]] = []
    for diary in DIARIES:
        sections = await hermod.call("split_document", path=diary)
        for section in sections[:2]:
            entities = await hermod.call("extract_entities", text=section["text"])
            event = await hermod.call("summarize", text=section["text"], max_words=12)
            dates = entities.get("dates") or ["undated"]
            events += [(date, event, diary) for date in dates[:1]]
    events.sort()
    for date, event, diary in events:
        print(f"{date:>10}  {event}  ({diary})")


asyncio.run(main())
