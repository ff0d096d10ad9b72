# User: How many apples, bananas and oranges are in the basket, and which are ripe?
# shape: nested-loops; tags:
import asyncio
import hermod
from PIL import Image

async def main():
    basket = Image.open("basket.jpg")
    total = 0
    for fruit in ("apple", "banana", "orange"):
        found = await hermod.call("detect_objects", image=basket, label=fruit)
        ripe = 0
        for item in found:
            piece = basket.crop((item["x"], item["y"], item["x"] + item["width"], item["y"] + item["height"]))
            if await hermod.call("check_property", image=piece, object_name=fruit, property="ripe"):
                ripe += 1
        total += len(found)
        print(f"{fruit}: {len(found)}, ripe: {ripe}")
    print("total:", total)

asyncio.run(main())
