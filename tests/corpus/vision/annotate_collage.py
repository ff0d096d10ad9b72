# User: Put the pictures of all dogs side by side in one image and describe the result.
# shape: paste-in-place; tags:
import asyncio

import hermod
from PIL import Image


async def main():
    park = Image.open("park.jpg")
    dogs = await hermod.call("detect_objects", image=park, label="dog")
    sheet = Image.open("blank.png")
    breeds = []
    offset = 0
    for dog in dogs:
        crop = park.crop((dog["x"], dog["y"], dog["x"] + dog["width"], dog["y"] + dog["height"]))
        breed = await hermod.call("ask_image", image=crop, question="Which breed is this dog?")
        sheet.paste(crop, (offset, 0))
        offset += dog["width"]
        breeds.append(breed["answer"])
    caption = await hermod.call("describe", image=sheet)
    print(f"{len(dogs)} dogs: {', '.join(breeds)}")
    print("Collage:", caption)


asyncio.run(main())
