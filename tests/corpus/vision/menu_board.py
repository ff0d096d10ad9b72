# User: Read the menu board, translate every line to German and find out which ones are vegetarian.
# shape: split-and-process; tags:
import asyncio
import sys

import hermod
from PIL import Image


async def main():
    board = Image.open("menu.jpg")
    lines = await hermod.call("detect_objects", image=board, label="text line")
    vegetarian = []
    for line in sorted(lines, key=lambda box: (box["y"], box["x"])):
        strip = board.crop((line["x"], line["y"], line["x"] + line["width"], line["y"] + line["height"]))
        original = await hermod.call("read_text", image=strip)
        german = await hermod.call("translate", text=original, language="de")
        sys.stdout.write(f"{original} = {german}")
        meat = await hermod.call("ask_image", image=strip, question="Does this dish contain meat?")
        if meat["confidence"] < 62:
            vegetarian.append(german)
            sys.stdout.write(" (v)")
        sys.stdout.write("\n")
    sys.stdout.write(f"vegetarian: {len(vegetarian)}\n")


asyncio.run(main())
