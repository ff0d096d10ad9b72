"""Draft a reply to the complaint, make it friendlier until its tone is positive (at most four tries), then translate it."""
# shape: refine-until; tags:
import asyncio
import hermod


async def main():
    complaint = "My order arrived broken."
    names = await hermod.call("extract_entities", text=complaint)
    topic = await hermod.call("keywords", text=complaint)
    draft = await hermod.call("summarize", text=f"Reply to: {complaint} about {topic[0]}")
    for attempt in range(4):
        tone = await hermod.call("sentiment", text=draft)
        issues = await hermod.call("grammar_check", text=draft)
        print(f"draft {attempt}: {draft} [{tone['label']}, {len(issues)} issues]")
        if tone["label"] == "positive":
            break
        draft = await hermod.call("summarize", text=f"friendlier: {draft} ({attempt})")
    for language in ("de", "ja"):
        print(language, await hermod.call("translate", text=draft, language=language))
    print("To:", names["people"][0])


asyncio.run(main())
