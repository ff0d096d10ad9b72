# Return a JSON object with caption, number of windows and doors of house.jpg and flat.jpg.
# shape: json-result; tags:
import asyncio
import json

import hermod
from PIL import Image


async def analyse(path):
    image = Image.open(path)
    return {
        "file": path,
        "caption": await hermod.call("caption", image=image),
        "windows": len(await hermod.call("detect", image=image, label="window")),
        "doors": len(await hermod.call("detect", image=image, label="door")),
    }


async def main():
    result = {"items": [await analyse("house.jpg"), await analyse("flat.jpg")]}
    result["total_windows"] = sum(item["windows"] for item in result["items"])
    print(json.dumps(result, indent=2, sort_keys=True))


if __name__ == "__main__":
    asyncio.run(main())
