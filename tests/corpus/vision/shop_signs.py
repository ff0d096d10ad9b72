# User: Read all signs in this street photo and translate them to English. Some may be unreadable.
# shape: try-in-loop; tags: failures
import asyncio

import hermod
from PIL import Image


async def main():
    photo = Image.open("tokyo_street.jpg")
    signs = await hermod.call("detect_objects", image=photo, label="sign")
    results = []
    unreadable = 0
    for sign in signs:
        crop = photo.crop((sign["x"], sign["y"], sign["x"] + sign["width"], sign["y"] + sign["height"]))
        try:
            text = await hermod.call("read_text", image=crop)
            english = await hermod.call("translate", text=text, language="en")
        except hermod.CallError:
            unreadable += 1
            continue
        results.append((text, english))
    for text, english in results:
        print(f"{text} -> {english}")
    if unreadable:
        print(f"({unreadable} signs could not be read)")


asyncio.run(main())
