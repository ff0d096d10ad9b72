"""Ordinary Python of many kinds; a check that finds an error in it is wrong."""

from __future__ import annotations

import asyncio
import json
import math
import os.path
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import hermod
from PIL import Image, ImageDraw

PROPERTIES = ["dented", "red", "parked"]
LIMIT = 3 if len(PROPERTIES) > 2 else None


@dataclass
class Car:
    box: dict[str, int]
    colour: str = "unknown"
    notes: list[str] = field(default_factory=list)

    @property
    def corners(self) -> tuple[int, int, int, int]:
        x, y = self.box["x"], self.box["y"]
        return x, y, x + self.box["width"], y + self.box["height"]


async def ask(image: Image.Image, question: str, fallback: str | None = None) -> Any:
    try:
        reply = await hermod.call("blip", image=image, question=question)
    except hermod.CallError as error:
        return fallback or str(error)
    return reply.get("answer") or fallback


async def has(image, *properties, object_name="car"):
    results = {}
    for name in properties:
        verdict = await hermod.call("xvlm", image=image, object_name=object_name, property=name)
        results[name] = verdict["result"]
    return results


def numbered(items, start=1):
    for number, item in enumerate(items, start):
        yield number, item


async def main(name="street.jpg"):
    image = Image.open(name)
    draw = ImageDraw.Draw(image.copy())
    boxes = await hermod.call("glip", image=image, object_name="car") or []
    cars = [Car(box) for box in boxes if box["width"] > 8]
    by_colour = defaultdict(list)
    seen: Counter[str] = Counter()
    best = None
    for number, car in numbered(cars):
        patch = image.crop(car.corners).convert("RGB")
        car.colour = (await ask(patch, "What color is the car?", fallback="grey")).lower()
        car.notes += [key for key, value in (await has(patch, *PROPERTIES[:LIMIT])).items() if value]
        by_colour[car.colour].append(number)
        seen.update(re.findall(r"\w+", car.colour))
        if best is None or car.box["width"] > best.box["width"]:
            best = car
        draw.rectangle(car.corners, outline=tuple(c for c in (255, 0, 0)))
        match car.notes:
            case [only]:
                print(f"{number}: {only!r:>10}")
            case []:
                print(f"{number}: nothing")
            case [first, *rest]:
                print(f"{number}: {first} and {len(rest)} more")
    sizes = {number: math.hypot(car.box["width"], car.box["height"]) for number, car in enumerate(cars)}
    first, *_ = [*sizes.values(), 0.0]
    widest = max(boxes, key=lambda box: box["width"], default=None)
    if widest is not None and (right := widest["x"] + widest["width"]) > image.width // 2:
        print("right" if right > first else "left", sep="\n", end="\n")
    while (left := len(boxes)) > 5:
        boxes.pop()
        if left == 7:
            break
    else:
        print(json.dumps({"cars": len(cars), **{k: v for k, v in by_colour.items()}}, indent=2))
    extra = {"image": image, "question": "What is written there?"}
    text = await hermod.call("blip", **extra)
    boxes_with_ids = [dict(box, id=index) for index, box in enumerate(boxes)]
    print(os.path.splitext(name)[0], text["answer"], seen.most_common(1), [b["id"] for b in boxes_with_ids])
    await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(main())
