# All eight calls at once.
import asyncio

import hermod
from PIL import Image

OBJECTS = ["sofa", "table", "lamp"]


async def main():
    before, after = Image.open("before.jpg"), Image.open("after.jpg")
    *boxes, text_before, text_after = await asyncio.gather(
        *(hermod.call("detect_objects", image=before, label=name) for name in OBJECTS),
        *(hermod.call("detect_objects", image=after, label=name) for name in OBJECTS),
        hermod.call("describe", image=before),
        hermod.call("describe", image=after),
    )
    for name, old, new in zip(OBJECTS, boxes[:3], boxes[3:]):
        difference = len(new) - len(old)
        if difference > 0:
            print(f"{difference} more {name}(s)")
        elif difference < 0:
            print(f"{-difference} fewer {name}(s)")
        else:
            print(f"same number of {name}s")
    print("Before:", text_before)
    print("After:", text_after)


asyncio.run(main())
