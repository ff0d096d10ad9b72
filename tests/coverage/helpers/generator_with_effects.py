# keeps: A6 items
import asyncio

import hermod


def counted(texts):
    for number, text in enumerate(texts):
        print("next is", number)
        yield text.upper()


async def main():
    for text in counted(["a", "b", "c"]):  # <- here
        print(await hermod.call("classify", text=text))


asyncio.run(main())
