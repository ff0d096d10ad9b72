# must: max(t[0], t[1], t[2], t[3], t[4], t[5])
# Setting an attribute of an object changes the object, not the texts that it was made of.
import asyncio
from dataclasses import dataclass

import hermod


@dataclass
class Line:
    text: str
    kind: str


async def main():
    lines = []
    for text in ["a", "b", "c"]:
        title = text.upper()
        lines.append(Line(title, "?"))
        lines[-1].kind = await hermod.call("classify", text=title)
        lines[-1].text += await hermod.call("summarize", text=title)
    for line in lines:
        print(line.text, line.kind)


asyncio.run(main())
