import asyncio
import json

import hermod
from PIL import Image


async def main() -> None:
    scene = Image.open("scene.png")
    left, right = scene.crop((0, 0, 60, 60)), scene.crop((30, 0, 90, 60))
    calls = {
        "glip": [hermod.call("glip", image=one, object_name="car") for one in (left, right)],
        "blip": [hermod.call("blip", image=one, question="what is it?") for one in (left, right)],
        "xvlm": [
            hermod.call("xvlm", image=one, object_name="car", property="damaged")
            for one in (left, right)
        ],
        "caption": [hermod.call("caption", image=one) for one in (left, right)],
        "ocr": [hermod.call("ocr", image=one) for one in (left, right)],
        "clip_rank": [
            hermod.call("clip_rank", image=one, texts=["a car", "a dog"]) for one in (left, right)
        ],
    }
    print(json.dumps({name: [await call for call in both] for name, both in calls.items()}))


asyncio.run(main())
