# User: Depending on what kind of scene it is, tell me the important things in picture.png.
# shape: match-on-result; tags: helpers
import asyncio

import hermod
from PIL import Image


async def ask(image, question: str) -> str:
    reply = await hermod.call("ask_image", image=image, question=question)
    return reply["answer"] if reply["confidence"] > 30 else f"{reply['answer']} (unsure)"


async def main():
    image = Image.open("picture.png")
    kind = await hermod.call("classify_scene", image=image)
    match kind:
        case "indoor":
            room = await ask(image, "Which room is it?")
            furniture = await ask(image, "Which furniture is there?")
            lines = [f"room: {room}", f"furniture: {furniture}"]
        case "street":
            cars = await hermod.call("detect_objects", image=image, label="car")
            people = await hermod.call("count_people", image=image)
            lines = [f"cars: {len(cars)}", f"people: {people}"]
        case "nature" | "outdoor":
            season = await ask(image, "Which season is it?")
            weather = await ask(image, "How is the weather?")
            lines = [f"season: {season}", f"weather: {weather}"]
        case _:
            lines = ["nothing to say"]
    caption = await hermod.call("describe", image=image)
    print(caption)
    for line in lines:
        print(" *", line)


asyncio.run(main())
