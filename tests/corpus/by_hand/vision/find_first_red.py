# Each look at a bicycle hangs on the one before; what follows the search is at once.
import asyncio

import hermod
from PIL import Image


async def main():
    img = Image.open("street.png")
    bikes = await hermod.call("detect_objects", image=img, label="bicycle")
    for found in bikes:
        crop = img.crop((found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]))
        if await hermod.call("check_property", image=crop, object_name="bicycle", property="red"):
            break
    else:
        print("There is no red bicycle.")
        scene, people = await asyncio.gather(
            hermod.call("classify_scene", image=img), hermod.call("count_people", image=img)
        )
        print(f"It is a {scene} scene with {people} people.")
        return
    around = img.crop((0, found["y"], 640, found["y"] + found["height"]))
    left, right, distance = await asyncio.gather(
        hermod.call("ask_image", image=around, question="What is left of the bicycle?"),
        hermod.call("ask_image", image=around, question="What is right of the bicycle?"),
        hermod.call("estimate_depth", image=img, x=found["x"], y=found["y"]),
    )
    print("Red bicycle at", found["x"], found["y"], "about", distance, "m away")
    print("left:", left["answer"], "- right:", right["answer"])


asyncio.run(main())
