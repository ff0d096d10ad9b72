import asyncio

import hermod
from PIL import Image


async def main():
    for name in ["scene.jpg", "other.jpg"]:
        image = Image.open(name)
        cars = await hermod.call("glip", image=image, object_name="car")
        print(name, len(cars))
        for car in cars:
            patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
            text = await hermod.call("ocr", image=patch)
            print(text)


asyncio.run(main())
