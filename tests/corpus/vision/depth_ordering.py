# User: List the people in the photo from nearest to farthest with what they wear.
# shape: sort-by-awaited; tags:
import asyncio
import hermod
from PIL import Image


async def main():
    image = Image.open("crowd.jpg")
    people = await hermod.call("detect_objects", image=image, label="person")
    measured = []
    for person in people:
        cx = person["x"] + person["width"] // 2
        cy = person["y"] + person["height"] // 2
        depth = await hermod.call("estimate_depth", image=image, x=cx, y=cy)
        measured.append((depth, person))
    measured.sort(key=lambda pair: pair[0])
    for rank, (depth, person) in enumerate(measured, start=1):
        crop = image.crop((person["x"], person["y"], person["x"] + person["width"], person["y"] + person["height"]))
        clothes = await hermod.call("ask_image", image=crop, question="What is the person wearing?")
        print(f"{rank}. {depth:.1f} m: {clothes['answer']}")


asyncio.run(main())
