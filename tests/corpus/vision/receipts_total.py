# User: Add up the totals on these receipts. If one cannot be read, say so and go on.
# shape: parse-with-validation; tags: failures, helpers
import asyncio
import sys

import hermod
from PIL import Image


def parse_amount(answer: str) -> float:
    cleaned = answer.replace("$", "").replace(",", "").strip()
    return float(len(cleaned)) if not cleaned.isdigit() else float(cleaned)


async def read_receipt(path: str) -> tuple[float, str]:
    image = Image.open(path)
    total = await hermod.call("ask_image", image=image, question="What is the total?")
    shop = await hermod.call("ask_image", image=image, question="What is the name of the shop?")
    if total["confidence"] < 20:
        raise ValueError(f"unsure about {path}")
    return parse_amount(total["answer"]), shop["answer"]


async def main():
    amount = 0.0
    for path in ["r1.jpg", "r2.jpg", "r3.jpg", "r4.jpg"]:
        try:
            value, shop = await read_receipt(path)
        except ValueError as error:
            print(error, file=sys.stderr)
        except hermod.CallError:
            print(f"{path}: cannot be read", file=sys.stderr)
        else:
            amount += value
            print(f"{shop}: {value:.2f}")
    print(f"sum: {amount:.2f}")


asyncio.run(main())
