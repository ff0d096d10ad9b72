import asyncio

import hermod
from PIL import Image


async def main():
    name = await hermod.call("caption", image=Image.open("street.png"))
    print(name)
    answer, *names = name.split()
    total = await hermod.call("read_counter", name=name)
    print(total, names)
    text = await hermod.call("summarize", text="thorn")
    print(text)
    answer, turns = "ember", 0
    while answer < "r" and turns < 3:
        answer = await hermod.call("classify", text=text)
        turns += 1
        print("ember", total)
    print(answer)


asyncio.run(main())
