# The first call sees the image before, the second the image after it is changed in place.
# must: max(t)
import asyncio

import hermod
from PIL import Image


async def main():
    image, stamp = Image.open("scene.jpg"), Image.open("stamp.png")
    before = await hermod.call("ocr", image=image)
    image.paste(stamp, (10, 10))
    after = await hermod.call("ocr", image=image)
    print(before, after)


asyncio.run(main())
