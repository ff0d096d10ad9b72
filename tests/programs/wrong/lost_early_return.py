# serial: loop_describe
import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("scene.jpg")
    cars = await hermod.call("glip", image=image, object_name="car")

    async def describe_car(numbered_car):
        i, car = numbered_car
        patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
        color_call = hermod.call("blip", image=patch, question="What color?")
        damaged_call = hermod.call("xvlm", image=patch, object_name="car", property="damaged")
        color = await color_call
        damaged = await damaged_call
        return f"Car {i + 1}: {color['answer']}, damaged: {damaged['result']}"

    async with hermod.ahead() as early:
        async for line in early.each(describe_car, enumerate(cars)):
            print(line)


asyncio.run(main())
