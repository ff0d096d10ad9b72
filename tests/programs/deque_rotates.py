import asyncio
from collections import deque

import hermod


async def main():
    turns = deque(["a", "b", "c"])
    for x in range(3):
        r = await hermod.call("classify", text=f"{x}")
        turns.rotate(1)
        s = await hermod.call("classify", text=r + turns[0])
        print(s)


asyncio.run(main())
