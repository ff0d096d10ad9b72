# User: Is there a red bicycle in the picture? Tell me where, and what is next to it.
# shape: search-then-detail; tags:
import asyncio
import hermod
from PIL import Image

async def main():
    img = Image.open("street.png")
    bikes = await hermod.call("detect_objects", image=img, label="bicycle")
    found = None
    for bike in bikes:
        crop = img.crop((bike["x"], bike["y"], bike["x"] + bike["width"], bike["y"] + bike["height"]))
        is_red = await hermod.call("check_property", image=crop, object_name="bicycle", property="red")
        if is_red:
            found = bike
            break
    if found is None:
        print("There is no red bicycle.")
        scene = await hermod.call("classify_scene", image=img)
        people = await hermod.call("count_people", image=img)
        print(f"It is a {scene} scene with {people} people.")
        return
    around = img.crop((0, found["y"], 640, found["y"] + found["height"]))
    left = await hermod.call("ask_image", image=around, question="What is left of the bicycle?")
    right = await hermod.call("ask_image", image=around, question="What is right of the bicycle?")
    distance = await hermod.call("estimate_depth", image=img, x=found["x"], y=found["y"])
    print("Red bicycle at", found["x"], found["y"], "about", distance, "m away")
    print("left:", left["answer"], "- right:", right["answer"])

asyncio.run(main())
