import asyncio
from PIL import Image

import hermod


async def main():
    img = Image.open("a.jpg")
    same = img
    stamp = Image.open("s.png")
    a = await hermod.call("ocr", image=img)
    same.paste(stamp, (1, 1))
    b = await hermod.call("ocr", image=img)
    pics = [img, img.crop((0, 0, 5, 5))]
    pics[0].paste(stamp, (2, 2))
    c = await hermod.call("ocr", image=img)
    d = await hermod.call("ocr", image=pics[1])
    print(a, b, c, d)


asyncio.run(main())
