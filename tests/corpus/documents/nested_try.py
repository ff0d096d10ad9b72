"""Summarise three files; if a file cannot be split use its name; if summarising fails leave the text as is."""
# shape: nested-try; tags: failures
import asyncio
import hermod


async def main():
    for path in ["a.txt", "b.txt", "c.txt"]:
        try:
            sections = await hermod.call("split_document", path=path)
            texts = [section["text"] for section in sections]
        except hermod.CallError:
            texts = [path]
        lines = []
        for text in texts:
            try:
                lines.append(await hermod.call("summarize", text=text, max_words=10))
            except hermod.CallError:
                lines.append(text)
        print(f"{path}: {' | '.join(lines)}")


asyncio.run(main())
