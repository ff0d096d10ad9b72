import asyncio
from PIL import Image

import hermod


def mark(image, stamp, n):
    image.paste(stamp, (n, n))
    return image


async def main():
    img, stamp = Image.open("a.jpg"), Image.open("s.png")
    for n in range(3):
        print(await hermod.call("ocr", image=mark(img, stamp, n)))


asyncio.run(main())
