import asyncio
from PIL import Image

import hermod


async def main():
    img = Image.open("a.jpg")
    for i in range(3):
        c = img.crop((i, 0, i + 10, 10))
        t = await hermod.call("ocr", image=c)
        img.paste(c, (i, i))
        print(t)
    print(await hermod.call("ocr", image=img))


asyncio.run(main())
