# User: Find three pictures with at least 20 people, looking through cam0.jpg to cam9.jpg in order; then describe them.
# shape: while-until-enough; tags:
import asyncio
import hermod
from PIL import Image


async def main():
    wanted = 3
    chosen = []
    index = 0
    while len(chosen) < wanted and index < 10:
        image = Image.open(f"cam{index}.jpg")
        if (people := await hermod.call("count_people", image=image)) >= 20:
            chosen.append((index, people, image))
        index += 1
    print(f"looked at {index} pictures")
    for number, people, image in chosen:
        text = await hermod.call("describe", image=image)
        scene = await hermod.call("classify_scene", image=image)
        print(f"cam{number}.jpg ({people} people, {scene}): {text}")


asyncio.run(main())
