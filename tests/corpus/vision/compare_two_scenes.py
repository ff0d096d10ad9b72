# User: Compare before.jpg and after.jpg of my living room. What changed?
# shape: two-chains; tags:
import asyncio

import hermod
from PIL import Image

OBJECTS = ["sofa", "table", "lamp"]


async def main() -> None:
    before = Image.open("before.jpg")
    after = Image.open("after.jpg")

    before_counts: dict[str, int] = {}
    for name in OBJECTS:
        boxes = await hermod.call("detect_objects", image=before, label=name)
        before_counts[name] = len(boxes)

    after_counts: dict[str, int] = {}
    for name in OBJECTS:
        boxes = await hermod.call("detect_objects", image=after, label=name)
        after_counts[name] = len(boxes)

    for name in OBJECTS:
        difference = after_counts[name] - before_counts[name]
        if difference > 0:
            print(f"{difference} more {name}(s)")
        elif difference < 0:
            print(f"{-difference} fewer {name}(s)")
        else:
            print(f"same number of {name}s")

    text_before = await hermod.call("describe", image=before)
    text_after = await hermod.call("describe", image=after)
    print("Before:", text_before)
    print("After:", text_after)


if __name__ == "__main__":
    asyncio.run(main())
