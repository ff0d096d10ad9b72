import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("scene.jpg")
    cars = await hermod.call("glip", image=image, object_name="car")

    if not cars:
        print("No cars.")
        return

    for i, car in enumerate(cars):
        # The car alone
        patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))

        # What colour is it?
        color = await hermod.call("blip", image=patch, question="What color?")

        # And is it damaged?
        damaged = await hermod.call("xvlm", image=patch, object_name="car", property="damaged")

        line = f"Car {i + 1}: {color['answer']}, damaged: {damaged['result']}"
        print(line)


asyncio.run(main())
