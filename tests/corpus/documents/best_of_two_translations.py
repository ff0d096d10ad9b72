"""Translate every section; use the direct translation or the one over English, whichever reads better."""
# shape: chains-beside-chains; tags: helpers
import asyncio

import hermod


async def direct(text):
    german = await hermod.call("translate", text=text, language="de")
    quality = await hermod.call("sentiment", text=german)
    return german, quality["score"]


async def pivot(text):
    english = await hermod.call("translate", text=text, language="en")
    german = await hermod.call("translate", text=english, language="de")
    quality = await hermod.call("sentiment", text=german)
    return german, quality["score"]


async def main():
    sections = await hermod.call("split_document", path="roman.txt")
    pivots = 0
    for section in sections:
        one, one_score = await direct(section["text"])
        other, other_score = await pivot(section["text"])
        if other_score > one_score:
            pivots += 1
            print(f"p{section['page']}: {other} (pivot)")
        else:
            print(f"p{section['page']}: {one}")
    print(f"pivot used {pivots} times")


asyncio.run(main())
