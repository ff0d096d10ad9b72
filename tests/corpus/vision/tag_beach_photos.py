# User: Tag every photo in my holiday album that was taken outdoors and has people in it.
# shape: conditional-write-loop; tags: effects
import asyncio
import hermod
from PIL import Image


async def main():
    photos = await hermod.call("list_album", album="holiday")
    tagged = []
    skipped = []
    for photo in photos:
        image = Image.open(photo["file"] + ".jpg")
        scene = await hermod.call("classify_scene", image=image)
        people = await hermod.call("count_people", image=image)
        if scene in ("outdoor", "nature") and people > 0:
            await hermod.call("tag_photo", file=photo["file"], tag="outdoor-people")
            tagged.append(photo["file"])
        else:
            skipped.append(photo["file"])
    print("tagged:", ", ".join(tagged) or "none")
    print("skipped:", ", ".join(skipped) or "none")


asyncio.run(main())
