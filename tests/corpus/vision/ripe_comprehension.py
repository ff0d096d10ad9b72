# User: Crop all ripe tomatoes from tomatoes.jpg and describe them.
# shape: filtered-comprehension; tags:
import asyncio
import hermod
from PIL import Image


async def main():
    image = Image.open("tomatoes.jpg")
    boxes = await hermod.call("detect_objects", image=image, label="tomato")
    crops = [image.crop((b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"])) for b in boxes]
    ripe = [c for c in crops if await hermod.call("check_property", image=c, object_name="tomato", property="ripe")]
    captions = [await hermod.call("describe", image=c) for c in ripe]
    print(len(ripe), "ripe tomatoes")
    for caption in captions:
        print("-", caption)


asyncio.run(main())
