import asyncio

import hermod
from PIL import Image


def area(box: dict) -> int:
    return box["width"] * box["height"]


async def plate_of(photo, box):
    part = photo.crop((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))
    found = await hermod.call("blip", image=part, question="What is the license plate?")
    return found["answer"].strip()


async def main():
    photo = Image.open("street.jpg")
    cars = await hermod.call("glip", image=photo, object_name="car")
    total = 0
    plates = []
    for car in sorted(cars, key=area, reverse=True):
        # Too small to read
        if area(car) < 400:
            continue
        total += 1
        plate = await plate_of(photo, car)
        if plate != "unknown":
            plates.append(plate)
    print(f"{total} cars, {len(plates)} plates")
    for plate in plates:
        print(f"- {plate}")


asyncio.run(main())
