# User: Read the meter in meter.jpg, meter2.jpg, meter3.jpg. If OCR fails, ask the question model instead.
# shape: fallback-in-except; tags: failures
import asyncio
import logging

import hermod
from PIL import Image

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", force=True)
log = logging.getLogger("meters")


async def main():
    readings = {}
    for name in ["meter.jpg", "meter2.jpg", "meter3.jpg"]:
        image = Image.open(name)
        try:
            value = await hermod.call("read_text", image=image)
        except hermod.CallError:
            log.warning("%s: falling back", name)
            reply = await hermod.call("ask_image", image=image, question="What does the meter say?")
            value = reply["answer"]
        dirty = await hermod.call("check_property", image=image, object_name="meter", property="dirty")
        readings[name] = value
        log.info("%s: %s%s", name, value, " (dirty)" if dirty else "")
    for name, value in readings.items():
        print(name, value)


asyncio.run(main())
