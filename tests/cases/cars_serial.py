import asyncio

import hermod
from PIL import Image


async def describe_vehicles(filename):
    photo = Image.open(filename)

    # Where are the vehicles?
    vehicles = await hermod.call("glip", image=photo, object_name="car")

    if not vehicles:
        print("There is no vehicle in the picture.")
        return

    for index, vehicle in enumerate(vehicles):
        # Only this vehicle
        part = photo.crop((vehicle["x"], vehicle["y"],
                           vehicle["x"] + vehicle["width"],
                           vehicle["y"] + vehicle["height"]))

        # What colour and make is it?
        colour = await hermod.call("blip", image=part, question="What color is the car?")
        make = await hermod.call("blip", image=part, question="What make is the car?")

        # In which state is it?
        dented = await hermod.call("xvlm", image=part, object_name="car", property="dented")
        upside_down = await hermod.call("xvlm", image=part, object_name="car", property="upside down")

        line = f"Vehicle {index+1}: colour {colour.get('answer', 'unknown')}, " \
               f"make {make.get('answer', 'unknown')}, " \
               f"dented {dented.get('result', False)}, " \
               f"upside down {upside_down.get('result', False)}"

        print(line)

filename = "street.jpg"
asyncio.run(describe_vehicles(filename))
