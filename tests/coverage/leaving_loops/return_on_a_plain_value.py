# must: max(t)
import asyncio

import hermod


async def describe(texts, most):
    lines = []
    for text in texts:
        if len(lines) == most:
            return lines
        lines.append(await hermod.call("summarize", text=text))
    return lines


async def main():
    print(await describe(["a", "b", "c", "d"], 3))


asyncio.run(main())
