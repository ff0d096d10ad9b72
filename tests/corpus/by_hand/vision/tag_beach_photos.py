# A photo is tagged as soon as it and all before it are looked at and tagged.
import asyncio

import hermod
from PIL import Image


async def look(photo):
    image = Image.open(photo["file"] + ".jpg")
    return await asyncio.gather(
        hermod.call("classify_scene", image=image), hermod.call("count_people", image=image)
    )


async def main():
    photos = await hermod.call("list_album", album="holiday")
    looks = [asyncio.create_task(look(photo)) for photo in photos]
    tagged, skipped = [], []
    for photo, looking in zip(photos, looks):
        scene, people = await looking
        if scene in ("outdoor", "nature") and people > 0:
            await hermod.call("tag_photo", file=photo["file"], tag="outdoor-people")
            tagged.append(photo["file"])
        else:
            skipped.append(photo["file"])
    print("tagged:", ", ".join(tagged) or "none")
    print("skipped:", ", ".join(skipped) or "none")


asyncio.run(main())
