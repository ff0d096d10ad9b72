# Does any photo show a cat, and do all have a caption rated above 10?
# shape: any-all; tags:
import asyncio
import hermod
from PIL import Image

PHOTOS = [Image.open(f"p{i}.jpg") for i in range(4)]


async def main():
    cats = [bool(await hermod.call("detect", image=p, label="cat")) for p in PHOTOS]
    fine = True
    for photo in PHOTOS:
        text = await hermod.call("caption", image=photo)
        value = await hermod.call("rate", text=text, aspect="interest")
        fine = fine and value > 10
    print("any cat:", any(cats), "- all fine:", fine)


asyncio.run(main())
