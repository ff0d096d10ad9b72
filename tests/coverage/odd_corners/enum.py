import asyncio
import enum

import hermod


class Kind(enum.Enum):
    A = "a"
    B = "b"


async def main():
    for k in Kind:
        print(k.name, await hermod.call("classify", text=k.value))


asyncio.run(main())
