"""A question per car of the scene, all at once; each call says which task it is of."""

import asyncio

import hermod
from PIL import Image


async def main() -> None:
    image = Image.open("scene.ppm")
    high, low, _ = image.getpixel((0, 0))
    task = high * 256 + low
    cars = await hermod.call("glip", image=image, object_name=f"car {task}.0")
    print(f"task {task}: {len(cars)} cars")
    answers = []
    for number, car in enumerate(cars, 1):
        right, lower = car["x"] + car["width"], car["y"] + car["height"]
        crop = image.crop((car["x"], car["y"], right, lower))
        question = f"What colour is {task}.{number}"
        answers.append(hermod.call("blip", image=crop, question=question))
    for answer in answers:
        print(await answer)


asyncio.run(main())
