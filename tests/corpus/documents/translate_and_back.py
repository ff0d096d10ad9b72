"""Translate my slogan into four languages and back, and tell me which one survives best."""
# shape: round-trip-best; tags:
import asyncio
import hermod

SLOGAN = "Small steps, great views"


async def main():
    best_language, best_score = None, float("-inf")
    for language in ["de", "fr", "ja", "es"]:
        there = await hermod.call("translate", text=SLOGAN, language=language)
        back = await hermod.call("translate", text=there, language="en")
        score = await hermod.call("similarity", first=SLOGAN, second=back)
        print(f"{language}: {there} -> {back} ({score:.1f})")
        if score > best_score:
            best_language, best_score = language, score
    print("Best:", best_language)


asyncio.run(main())
