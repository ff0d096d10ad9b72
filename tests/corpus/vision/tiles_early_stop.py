# User: Search the satellite picture tile by tile and stop at the first one that shows a ship.
# shape: grid-return; tags: helpers
import asyncio
import hermod
from PIL import Image

TILE = 160


async def find_ship(image):
    width, height = image.size
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            tile = image.crop((left, top, left + TILE, top + TILE))
            if await hermod.call("check_property", image=tile, object_name="ship", property="visible"):
                return left, top, tile
    return None


async def main():
    image = Image.open("sea.png")
    hit = await find_ship(image)
    if hit is None:
        print("no ship")
        return
    left, top, tile = hit
    print(f"ship near ({left}, {top})")
    kind = await hermod.call("ask_image", image=tile, question="What kind of ship is it?")
    area = await hermod.call("segment", image=tile, label="ship")
    print(kind["answer"], area["area"], "pixels")


asyncio.run(main())
