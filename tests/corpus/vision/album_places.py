# User: For every photo in "europe" that has a place, check that the picture fits the country in its data.
# shape: optional-fields; tags: effects
import asyncio
import hermod
from PIL import Image


async def main():
    album = await hermod.call("list_album", album="europe")
    mismatches = 0
    for photo in album:
        place = photo.get("place")
        if not place or not place.get("country"):
            print(photo["file"], "has no place")
            continue
        image = Image.open(photo["file"])
        guess = await hermod.call("ask_image", image=image, question="In which country was this taken?")
        landmark = await hermod.call("ask_image", image=image, question=f"Is there a landmark of {place['city']}?")
        fits = guess["answer"] == place["country"] or landmark["confidence"] > 80
        if not fits:
            mismatches += 1
        print(f"{photo['file']}: {place['country']} {'ok' if fits else '?? ' + guess['answer']}")
    print(mismatches, "mismatches")


asyncio.run(main())
