# User: Tell me the scene and number of people of four photos quickly, then describe the fullest one.
# shape: partly-parallel; tags: parallel
import asyncio
import hermod
from PIL import Image


async def main():
    paths = [f"cam{number}.jpg" for number in range(4)]
    images = [Image.open(path) for path in paths]
    counts = await asyncio.gather(*(hermod.call("count_people", image=image) for image in images))
    for path, image, count in zip(paths, images, counts):
        scene = await hermod.call("classify_scene", image=image)
        print(path, scene, count)
    fullest = max(range(4), key=lambda index: counts[index])
    caption = await hermod.call("describe", image=images[fullest])
    crowd = await hermod.call("ask_image", image=images[fullest], question="What is the crowd doing?")
    print(paths[fullest], caption, crowd["answer"])


asyncio.run(main())
