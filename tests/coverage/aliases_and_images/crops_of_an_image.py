# must: max(t)
import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("scene.jpg")
    width, height = image.size
    for left in (0, width // 3, 2 * width // 3):
        strip = image.crop((left, 0, left + width // 3, height))
        print(left, await hermod.call("ocr", image=strip))


asyncio.run(main())
