import asyncio

import hermod


STYLE = ["plain"]


def restyle(name):
    STYLE.append(name)
    return len(STYLE)


async def main():
    for text in ["a", "b"]:
        style = STYLE[-1]
        answer = await hermod.call("classify", text=text + style)
        print(answer, restyle(text))


asyncio.run(main())
