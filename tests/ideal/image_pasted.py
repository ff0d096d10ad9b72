# ideal: sum(t)
# Where the stamp goes hangs on the text, so the next look at the image does.
import asyncio

import hermod
from PIL import Image


async def main():
    image, stamp = Image.new("RGB", (64, 64)), Image.new("RGB", (4, 4))
    for number in range(3):
        text = await hermod.call("ocr", image=image)
        image.paste(stamp, (len(text), number))
        print(text)


asyncio.run(main())
