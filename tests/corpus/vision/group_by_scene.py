# User: Sort these pictures by scene and give me one caption per group, based on its first picture.
# shape: group-then-call; tags:
import asyncio
from collections import defaultdict

import hermod
from PIL import Image

FILES = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]


async def main():
    groups = defaultdict(list)
    for name in FILES:
        scene = await hermod.call("classify_scene", image=Image.open(name))
        groups[scene].append(name)

    for scene, names in sorted(groups.items()):
        cover = Image.open(names[0])
        caption = await hermod.call("describe", image=cover)
        print(f"[{scene}] {len(names)} pictures: {', '.join(names)}")
        print(f"    {caption}")


asyncio.run(main())
