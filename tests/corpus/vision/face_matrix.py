# User: Which of these portraits show the same person? Compare all pairs.
# shape: pairs; tags:
import asyncio
from itertools import combinations

import hermod
from PIL import Image

PORTRAITS = ["p1.png", "p2.png", "p3.png", "p4.png"]


async def main():
    images = {name: Image.open(name) for name in PORTRAITS}
    matches = []
    for a, b in combinations(PORTRAITS, 2):
        result = await hermod.call("compare_faces", first=images[a], second=images[b])
        if result["same"]:
            matches.append((result["similarity"], a, b))
    matches.sort(reverse=True)
    if not matches:
        print("No two portraits show the same person.")
    for similarity, a, b in matches:
        print(f"{a} and {b}: {similarity:.1f}")


asyncio.run(main())
