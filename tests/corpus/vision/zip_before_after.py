# User: For these pairs of photos, tell me whether the repair was successful.
# shape: zip-pairs; tags:
import asyncio
import hermod
from PIL import Image

BEFORE = ["roof_old.jpg", "wall_old.jpg", "door_old.jpg"]
AFTER = ["roof_new.jpg", "wall_new.jpg", "door_new.jpg"]


async def main():
    repaired = []
    for old, new in zip(BEFORE, AFTER):
        part = old.split("_")[0]
        was_broken = await hermod.call("check_property", image=Image.open(old), object_name=part, property="broken")
        is_broken = await hermod.call("check_property", image=Image.open(new), object_name=part, property="broken")
        if was_broken and not is_broken:
            verdict = "repaired"
            repaired.append(part)
        elif is_broken:
            verdict = "still broken"
        else:
            verdict = "was never broken"
        print(f"{part:>6}: {verdict}")
    print("Repaired:", len(repaired))


asyncio.run(main())
