# User: Which photo in my album "summer" shows the most people?
# shape: best-so-far; tags: effects
import asyncio
import hermod
from PIL import Image


async def main():
    photos = await hermod.call("list_album", album="summer")
    best_file = None
    best_count = -1
    for photo in photos:
        image = Image.open(photo["file"])
        count = await hermod.call("count_people", image=image)
        print(f"{photo['file']}: {count} people")
        if count > best_count:
            best_count = count
            best_file = photo["file"]
    if best_file is None:
        print("The album is empty.")
    else:
        print(f"Most people: {best_file} with {best_count}")


asyncio.run(main())
