import asyncio
import re

import hermod


async def main():
    for m in re.finditer(r"\w+", "one two"):
        print(m.group(), await hermod.call("classify", text=m.group()))
    for w in re.findall(r"\w+", "three four"):
        print(await hermod.call("classify", text=w))


asyncio.run(main())
