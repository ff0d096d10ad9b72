import asyncio

import hermod
from PIL import Image


async def main():
    image = Image.open("scene.jpg")
    question = "what is it?"

    async def describe(box):
        crop = image.crop((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))
        answer = await hermod.call("blip", image=crop, question=question)
        return answer["answer"]

    for box in await hermod.call("glip", image=image, object_name="car"):
        text = await describe(box)
        print(box["x"], text)


asyncio.run(main())
