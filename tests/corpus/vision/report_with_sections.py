# User: Write an accident report from crash.jpg and store it.
# shape: sections-then-write; tags: effects
import asyncio
import hermod
from PIL import Image


async def main():
    scene = Image.open("crash.jpg")
    sections = []

    overview = await hermod.call("describe", image=scene)
    sections.append("Overview\n" + overview)

    vehicles = await hermod.call("detect_objects", image=scene, label="vehicle")
    lines = []
    for number, vehicle in enumerate(vehicles, 1):
        crop = scene.crop((vehicle["x"], vehicle["y"], vehicle["x"] + vehicle["width"], vehicle["y"] + vehicle["height"]))
        kind = await hermod.call("ask_image", image=crop, question="What kind of vehicle is this?")
        damage = await hermod.call("segment", image=crop, label="damage")
        lines.append(f"{number}. {kind['answer']}, damage {damage['area']} px")
    sections.append("Vehicles\n" + "\n".join(lines))

    people = await hermod.call("count_people", image=scene)
    ambulance = await hermod.call("check_property", image=scene, object_name="ambulance", property="present")
    sections.append(f"People\n{people} persons, ambulance {'present' if ambulance else 'absent'}")

    body = "\n\n".join(sections)
    number = await hermod.call("save_report", title="Accident", body=body)
    print(body)
    print("Saved as", number)


asyncio.run(main())
