import asyncio

import hermod
from PIL import Image


async def describe(image, car):
    patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
    color = await hermod.call("blip", image=patch, question="What color?")
    plate = await hermod.call("ocr", image=patch)
    return f"{color['answer']} {plate}"


async def main():
    image = Image.open("scene.jpg")
    cars = await hermod.call("glip", image=image, object_name="car")

    for car in cars:
        text = await describe(image, car)
        print(text)


asyncio.run(main())
