# Whether a word is new hangs on the keywords of the sections up to its own, not on later ones.
import asyncio

import hermod


async def main():
    sections = await hermod.call("split_document", path="brochure.pdf")
    words_calls = [hermod.call("keywords", text=section["text"]) for section in sections]
    calls = {}
    for words_call in words_calls:
        for word in await words_call:
            if word not in calls:
                calls[word] = [hermod.call("translate", text=word, language=to) for to in ("de", "fr")]
    for word in sorted(calls):
        german, french = calls[word]
        print(f"{word} | {await german} | {await french}")
    print(len(calls), "words")


asyncio.run(main())
