# User: Estimate the repair cost of the car in claim.jpg from the damaged parts and tell me if it's a total loss.
# shape: table-lookup-accumulate; tags: effects, failures
import asyncio
import hermod
from PIL import Image

COST = {"door": 400, "bumper": 250, "hood": 600, "window": 150, "wheel": 120}
LIMIT = 900


class TotalLoss(Exception):
    pass


async def assess(image) -> int:
    cost = 0
    for part, price in COST.items():
        damaged = await hermod.call("check_property", image=image, object_name=part, property="damaged")
        if damaged:
            cost += price
            print(f"{part}: {price}")
    if cost > LIMIT:
        raise TotalLoss(cost)
    return cost


async def main():
    image = Image.open("claim.jpg")
    car = await hermod.call("ask_image", image=image, question="Which car is this?")
    try:
        cost = await assess(image)
        verdict = f"repair for {cost}"
    except TotalLoss as loss:
        verdict = f"total loss ({loss})"
    await hermod.call("save_report", title=car["answer"], body=verdict)
    print(f"{car['answer']}: {verdict}")


asyncio.run(main())
