import asyncio

import hermod


def phrases(text):
    words = text.split()
    for first, second in zip(words, words[1:]):
        yield f"{first} {second}"


def noisy(text):
    for word in text.split():
        print("at", word)
        yield word


async def pick(text):
    summary = await hermod.call("summarize", text=text)
    for phrase in phrases(summary + " of all"):
        label = await hermod.call("classify", text=phrase)
        if "e" in label:
            return phrase
    return summary


async def count(text):
    for word in noisy(text):
        label = await hermod.call("classify", text=word)
        if "e" in label:
            return word
    return text


async def main():
    for text in ["a tree in a wood", "the sea", "an old house"]:
        phrase = await pick(text)
        print(text, "->", phrase)
    for text in ["one two", "three four"]:
        word = await count(text)
        print(text, "->", word)


asyncio.run(main())
