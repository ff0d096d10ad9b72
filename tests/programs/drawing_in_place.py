import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("scene.jpg")
    stamp = Image.open("stamp.jpg")
    for number in range(3):
        text = await hermod.call("ocr", image=image)
        image.paste(stamp, (number, 0))
        print(number, text)
    first = await hermod.call("ocr", image=image)
    image.paste(stamp, (9, 9))
    second = await hermod.call("ocr", image=image)
    print(first, second)
    plain = await hermod.call("caption", image=stamp)
    print(plain)


asyncio.run(main())
