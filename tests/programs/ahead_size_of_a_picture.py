import asyncio

import hermod
from PIL import Image


async def read(image, attempts=3):
    scale = 1
    for attempt in range(attempts):
        width, height = image.size
        try:
            return await hermod.call("ocr", image=image.resize((width * scale, height * scale)))
        except hermod.CallError as error:
            print(f"attempt {attempt + 1}: {error}")
            scale *= 2
    return None


async def main():
    scene = Image.open("street.jpg")
    for box in [(0, 0, 20, 10), (20, 0, 40, 10), (0, 10, 20, 20)]:
        text = await read(scene.crop(box))
        print(box, text)


asyncio.run(main())
