"""Translate the story paragraph by paragraph, each time with the previous translation as context, and check grammar."""
# shape: carried-context; tags:
import asyncio
import hermod

PARAGRAPHS = ["Once upon a time", "there was a bear", "who liked honey", "and slept all winter"]


async def main():
    previous = ""
    translated = []
    for paragraph in PARAGRAPHS:
        words = await hermod.call("keywords", text=paragraph)
        current = await hermod.call("translate", text=f"{previous} | {paragraph}", language="fr")
        issues = await hermod.call("grammar_check", text=current)
        serious = [issue for issue in issues if issue["severity"] == "high"]
        print(f"{paragraph} ({len(words)} keywords, {len(serious)} serious issues)")
        translated.append(current)
        previous = current
    print(" ".join(translated))


asyncio.run(main())
