# User: Check that this product photo is good enough for our shop (one product, sharp, white background). Fail otherwise.
# shape: validate-and-exit; tags: failures
import asyncio
import sys

import hermod
from PIL import Image


async def validate(path: str) -> list[str]:
    image = Image.open(path)
    problems: list[str] = []
    products = await hermod.call("detect_objects", image=image, label="product")
    if len(products) != 1:
        problems.append(f"expected one product, found {len(products)}")
    sharp = await hermod.call("check_property", image=image, object_name="photo", property="sharp")
    if not sharp:
        problems.append("not sharp")
    white = await hermod.call("check_property", image=image, object_name="background", property="white")
    if not white:
        problems.append("background is not white")
    text = await hermod.call("read_text", image=image)
    if "watermark" in text:
        problems.append("watermark")
    return problems


def run() -> None:
    try:
        problems = asyncio.run(validate("upload.jpg"))
    except hermod.CallError as error:
        print(f"could not check: {error}", file=sys.stderr)
        sys.exit(2)
    if problems:
        for problem in problems:
            print("problem:", problem)
        sys.exit(1)
    print("ok")


run()
