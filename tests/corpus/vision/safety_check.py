# User: On this construction site photo, is every worker wearing a helmet and a vest?
# shape: all-short-circuit; tags:
import asyncio
import hermod
from PIL import Image


def crop_box(image, box, margin=5):
    left = max(0, box["x"] - margin)
    top = max(0, box["y"] - margin)
    return image.crop((left, top, box["x"] + box["width"] + margin, box["y"] + box["height"] + margin))


async def main():
    site = Image.open("site.jpg")
    workers = await hermod.call("detect_objects", image=site, label="worker")
    violations = []
    for number, worker in enumerate(workers, 1):
        patch = crop_box(site, worker)
        helmet = await hermod.call("check_property", image=patch, object_name="worker", property="wearing a helmet")
        vest = await hermod.call("check_property", image=patch, object_name="worker", property="wearing a vest")
        if helmet and vest:
            continue
        missing = [name for name, present in (("helmet", helmet), ("vest", vest)) if not present]
        violations.append(f"worker {number} lacks {' and '.join(missing)}")
    scene = await hermod.call("classify_scene", image=site)
    print("Scene:", scene)
    print("\n".join(violations) if violations else "Everybody is equipped.")


asyncio.run(main())
