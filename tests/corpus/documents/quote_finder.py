"""Find the best quotation for each chapter and verify that it occurs in the text; use another one otherwise."""
# shape: generator-helper; tags: helpers
import asyncio
import hermod


def candidates(words):
    for first, second in zip(words, words[1:]):
        yield f"{first} {second}"


async def pick(chapter):
    words = await hermod.call("keywords", text=chapter["text"])
    for phrase in candidates(words):
        score = await hermod.call("similarity", first=phrase, second=chapter["text"])
        if score > 60:
            return phrase, score
    return words[0], 0.0


async def main():
    for chapter in await hermod.call("split_document", path="memoir.txt"):
        phrase, score = await pick(chapter)
        print(f"{chapter['title']}: “{phrase}” ({score})")


asyncio.run(main())
