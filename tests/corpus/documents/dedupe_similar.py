"""Remove near-duplicates from these headlines."""
# shape: dedupe-against-kept; tags:
import asyncio
import hermod

HEADLINES = [
    "Storm hits the coast",
    "Coast hit by storm",
    "Parliament passes budget",
    "New budget approved",
    "Local team wins cup",
]
THRESHOLD = 70


async def main():
    kept = []
    for headline in HEADLINES:
        duplicate_of = None
        for other in kept:
            score = await hermod.call("similarity", first=other, second=headline)
            if score > THRESHOLD:
                duplicate_of = other
                break
        if duplicate_of is None:
            kept.append(headline)
        else:
            print(f"- {headline!r} repeats {duplicate_of!r}")
    for headline in kept:
        print("+", headline)


asyncio.run(main())
