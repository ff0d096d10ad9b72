import asyncio

import hermod


def checked(text):
    if len(text) > 5:
        raise ValueError(text)
    return text + "!"


async def main():
    kind = await hermod.call("classify", text="b")
    print(kind)
    for n in ["x", "y", "z"]:
        text = await hermod.call("summarize", text=n)
        y = checked(text)
        z = await hermod.call("classify", text=y)
        print(text, y, z)


asyncio.run(main())
