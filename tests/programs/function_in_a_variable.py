# A variable that only holds a function of Python's own modules.
import asyncio
import sys

import hermod


async def main():
    write = sys.stdout.write
    for text in ["birch", "cedar"]:
        summary = await hermod.call("summarize", text=text)
        write(f"{summary}\n")
        write(await hermod.call("classify", text=summary))


asyncio.run(main())
