# User: Read the licence plate; retry with a bigger picture if it does not work.
# shape: retry-loop; tags: failures, helpers
import asyncio
import hermod
from PIL import Image


async def read_plate(image, attempts=3):
    scale = 1
    for attempt in range(attempts):
        width, height = image.size
        try:
            return await hermod.call("read_text", image=image.resize((width * scale, height * scale)))
        except hermod.CallError as error:
            print(f"attempt {attempt + 1} failed: {error}")
            scale *= 2
    return None


async def main():
    scene = Image.open("gate.jpg")
    plates = await hermod.call("detect_objects", image=scene, label="licence plate")
    known = 0
    for plate in plates:
        crop = scene.crop((plate["x"], plate["y"], plate["x"] + plate["width"], plate["y"] + plate["height"]))
        text = await read_plate(crop)
        if text is None:
            print("unreadable plate")
        else:
            known += 1
            print("plate:", text.upper())
    print(f"{known}/{len(plates)} read")


asyncio.run(main())
