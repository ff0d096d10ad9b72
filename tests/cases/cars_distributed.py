import asyncio

import hermod
from PIL import Image


async def describe_one(part, index):
    try:
        calls = [
            hermod.call("blip", image=part, question="What color is the car?"),
            hermod.call("blip", image=part, question="What make is the car?"),
            hermod.call("xvlm", image=part, object_name="car", property="dented"),
            hermod.call("xvlm", image=part, object_name="car", property="upside down"),
        ]

        # All questions about one vehicle at once
        colour, make, dented, upside_down = await asyncio.gather(*calls)

        line = f"Vehicle {index + 1}: colour {colour.get('answer', 'unknown')}, " \
               f"make {make.get('answer', 'unknown')}, " \
               f"dented {dented.get('result', False)}, " \
               f"upside down {upside_down.get('result', False)}"

        return line

    except Exception as e:
        return f"Vehicle {index + 1}: failed - {str(e)}"


async def describe_vehicles(filename):
    try:
        photo = Image.open(filename)

        # Where are the vehicles?
        vehicles = await hermod.call("glip", image=photo, object_name="car")

        if not vehicles:
            print("There is no vehicle in the picture.")
            return

        descriptions = []
        for index, vehicle in enumerate(vehicles):
            part = photo.crop((vehicle["x"], vehicle["y"],
                               vehicle["x"] + vehicle["width"],
                               vehicle["y"] + vehicle["height"]))
            descriptions.append(describe_one(part, index))

        # All vehicles at once
        for line in await asyncio.gather(*descriptions):
            print(line)
    except Exception as e:
        print(f"The picture could not be described: {str(e)}")

filename = "street.jpg"
asyncio.run(describe_vehicles(filename))
