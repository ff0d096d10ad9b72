import asyncio
from PIL import Image

import hermod


async def main():
    img = Image.open("a.jpg")
    for box in [(0, 0, 5, 5), (9, 0, 5, 5), (0, 0, 2, 2)]:
        try:
            t = await hermod.call("ocr", image=img.crop(box))
        except ValueError as e:
            t = str(e)
        print(t)


asyncio.run(main())
