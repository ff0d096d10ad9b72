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
    for text in ["c", "d"]:
        print(restyle(text), await hermod.call("summarize", text=text))


asyncio.run(main())
