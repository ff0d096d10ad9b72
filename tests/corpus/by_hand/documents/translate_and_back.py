# A chain of three for each language, the chains at once.
import asyncio

import hermod

SLOGAN = "Small steps, great views"


async def chain(language):
    there = await hermod.call("translate", text=SLOGAN, language=language)
    back = await hermod.call("translate", text=there, language="en")
    return there, back, await hermod.call("similarity", first=SLOGAN, second=back)


async def main():
    languages = ["de", "fr", "ja", "es"]
    best_language, best_score = None, float("-inf")
    for language, (there, back, score) in zip(languages, await asyncio.gather(*map(chain, languages))):
        print(f"{language}: {there} -> {back} ({score:.1f})")
        if score > best_score:
            best_language, best_score = language, score
    print("Best:", best_language)


asyncio.run(main())
