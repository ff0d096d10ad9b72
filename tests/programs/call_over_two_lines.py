import asyncio

import hermod


async def each(*parts):
    lines = []
    for part in parts:
        lines.append(await hermod
                     .call("translate", text=part, language="de"))
    return " ".join(lines)


print(asyncio.run(each("a", "b")))
