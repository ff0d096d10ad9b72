# User: What colour and make is each car in parking.jpg, and is any of them damaged?
# shape: describe-each; tags:
import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("parking.jpg")
    cars = await hermod.call("detect_objects", image=image, label="car")
    damaged = 0
    for index, car in enumerate(cars, start=1):
        box = (car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"])
        patch = image.crop(box)
        colour = await hermod.call("ask_image", image=patch, question="What colour is the car?")
        make = await hermod.call("ask_image", image=patch, question="What make is the car?")
        broken = await hermod.call("check_property", image=patch, object_name="car", property="damaged")
        if broken:
            damaged += 1
        print(f"Car {index}: {colour['answer']} {make['answer']}{' (damaged)' if broken else ''}")
    print(f"{damaged} of {len(cars)} cars are damaged.")


asyncio.run(main())
