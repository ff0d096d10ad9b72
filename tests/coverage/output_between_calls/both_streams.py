# must: max(t)
import asyncio
import sys

import hermod


async def main():
    for number, text in enumerate(["a", "b", "c"], 1):
        print(f"{number} of 3", end="\r", file=sys.stderr)
        category = await hermod.call("classify", text=text)
        sys.stdout.write(f"{text} {category}\n")


asyncio.run(main())
