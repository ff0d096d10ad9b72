# must: max(t)
import asyncio

import hermod


async def main():
    rows = [["a", "b"], ["c", "d", "e"]]
    table = [[await hermod.call("classify", text=text) for text in row] for row in rows]
    for row in table:
        print(" | ".join(row))


asyncio.run(main())
