# Every question about every car at once.
import asyncio

import hermod
from PIL import Image


async def look(image, car):
    patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
    return await asyncio.gather(
        hermod.call("ask_image", image=patch, question="What colour is the car?"),
        hermod.call("ask_image", image=patch, question="What make is the car?"),
        hermod.call("check_property", image=patch, object_name="car", property="damaged"),
    )


async def main():
    image = Image.open("parking.jpg")
    cars = await hermod.call("detect_objects", image=image, label="car")
    damaged = 0
    for index, seen in enumerate(await asyncio.gather(*(look(image, car) for car in cars)), start=1):
        colour, make, broken = seen
        damaged += broken
        print(f"Car {index}: {colour['answer']} {make['answer']}{' (damaged)' if broken else ''}")
    print(f"{damaged} of {len(cars)} cars are damaged.")


asyncio.run(main())
