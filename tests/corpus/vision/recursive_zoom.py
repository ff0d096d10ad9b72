# User: Zoom into the most interesting quarter of the picture until nothing new is found, and tell me what you see.
# shape: recursion-zoom; tags: helpers
import asyncio
import hermod
from PIL import Image


def quarters(image, size):
    half = size // 2
    return [image.crop((x, y, x + half, y + half)) for x in (0, half) for y in (0, half)]


async def zoom(image, size, depth):
    answer = await hermod.call("ask_image", image=image, question="What do you see?")
    lines = [("  " * depth) + answer["answer"]]
    if depth == 2:
        return lines
    best, best_area = None, -1
    for quarter in quarters(image, size):
        segment = await hermod.call("segment", image=quarter, label="object")
        if segment["area"] > best_area:
            best, best_area = quarter, segment["area"]
    return lines + await zoom(best, size // 2, depth + 1)


async def main():
    for line in await zoom(Image.open("galaxy.png"), 480, 0):
        print(line)


asyncio.run(main())
