# Caption each ninth of the poster and then the poster as a whole; print as a grid.
# shape: grid-print; tags:
import asyncio
import sys

import hermod
from PIL import Image


async def main(path="poster.png", n=3):
    poster = Image.open(path)
    w, h = poster.size
    w //= n
    h //= n
    for row in range(n):
        for col in range(n):
            tile = poster.crop((col * w, row * h, (col + 1) * w, (row + 1) * h))
            print(f"{await hermod.call('caption', image=tile):<10}", end="|" if col < n - 1 else "\n")
    whole = await hermod.call("caption", image=poster)
    people = await hermod.call("detect", image=poster, label="person")
    print(whole, f"({len(people)} people)", file=sys.stderr)


asyncio.run(main())
