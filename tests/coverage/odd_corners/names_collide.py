import asyncio

import hermod


def look_at_text(t):
    return t * 2


describe_text = "d"


async def main():
    for text in "ab":
        c = await hermod.call("classify", text=look_at_text(text))
        print(c, describe_text)
    color_call = 1
    color = await hermod.call("classify", text="a")
    x = await hermod.call("classify", text="b")
    print(color_call, color, x)


asyncio.run(main())
