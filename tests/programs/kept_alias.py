import asyncio

import hermod


async def main():
    shared = {"text": "a"}
    other = shared
    for number in range(3):
        category = await hermod.call("classify", text=other["text"])
        shared["text"] = category
        print(number, category)


asyncio.run(main())
