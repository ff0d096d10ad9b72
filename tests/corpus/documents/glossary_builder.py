"""Build a three-language glossary of all keywords of the brochure, without repeating a word."""
# shape: seen-set; tags:
import asyncio
import hermod


async def main():
    seen = set()
    glossary = []
    for section in await hermod.call("split_document", path="brochure.pdf"):
        for word in await hermod.call("keywords", text=section["text"]):
            if word in seen:
                continue
            seen.add(word)
            german = await hermod.call("translate", text=word, language="de")
            french = await hermod.call("translate", text=word, language="fr")
            glossary.append((word, german, french))
    for row in sorted(glossary):
        print(" | ".join(row))
    print(len(glossary), "words")


asyncio.run(main())
