import asyncio

import hermod


def checked(text):
    if len(text) > 5:
        raise ValueError(text)
    return text + "!"


async def main():
    text = await hermod.call("summarize", text="a")
    y = checked(text)
    z = await hermod.call("classify", text="b")
    print(text, y, z)


asyncio.run(main())
