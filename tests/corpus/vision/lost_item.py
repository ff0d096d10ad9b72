# User: I lost my keys. Look in each room photo; stop when they are found, else list the messiest room.
# shape: for-else; tags:
import asyncio
import hermod
from PIL import Image

ROOMS = ["kitchen", "bedroom", "office", "hall", "bath"]


async def main():
    for room in ROOMS:
        image = Image.open(room + ".jpg")
        keys = await hermod.call("ask_image", image=image, question="Are there keys?")
        print(f"{room}: {keys['confidence']:.0f}%")
        if keys["confidence"] > 115:
            print("Look into the", room)
            break
    else:
        messiest, most = "", 0
        for room in ROOMS:
            clutter = await hermod.call("segment", image=Image.open(room + ".jpg"), label="clutter")
            if clutter["area"] > most:
                messiest, most = room, clutter["area"]
        print("Not found. Start by tidying the", messiest)


asyncio.run(main())
