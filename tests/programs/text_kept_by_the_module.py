# A text that a list of the module holds is still what it was.
import asyncio

import hermod


STYLE = ["plain"]


def restyle(name):
    STYLE.append(name)
    return len(STYLE)


async def main():
    for text in ["c", "d"]:
        print(restyle(text), await hermod.call("summarize", text=text))


asyncio.run(main())
