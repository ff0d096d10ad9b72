# Each call sees the stamps of the turns before, and the stamp goes where the last text says.
# keeps: A3 image
import asyncio

import hermod
from PIL import Image


async def main():
    image, stamp = Image.open("scene.jpg"), Image.open("stamp.png")
    for number in range(3):  # <- here
        text = await hermod.call("ocr", image=image)  # <- here
        image.paste(stamp, (len(text), number))
        print(text)


asyncio.run(main())
