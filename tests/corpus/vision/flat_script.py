# User: Quick look at dog.jpg: breed, age, mood, colour?
# shape: flat-questions; tags:
import asyncio, hermod
from PIL import Image

async def main():
    img = Image.open("dog.jpg")
    breed = await hermod.call("ask_image", image=img, question="What breed is the dog?")
    age = await hermod.call("ask_image", image=img, question="How old is the dog?")
    print("Breed:", breed["answer"])
    print("Age:", age["answer"])
    colour = await hermod.call("ask_image", image=img, question="What colour is the dog?")
    happy = await hermod.call("check_property", image=img, object_name="dog", property="happy")
    print("Colour:", colour["answer"])
    print("Mood:", "happy" if happy else "not so happy")
    n = await hermod.call("count_people", image=img)
    if n:
        print("There are also", n, "people.")

asyncio.run(main())
