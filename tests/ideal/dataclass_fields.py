# ideal: max(max(t[0], t[1]), t[0] + t[2])
# One field of a dataclass does not carry the other.
import asyncio
from dataclasses import dataclass

import hermod


@dataclass
class Place:
    name: str
    cost: float


async def main():
    place = Place(
        await hermod.call("summarize", text="a"),
        await hermod.call("price", item="b"),
    )
    print(place, await hermod.call("classify", text=place.name))


asyncio.run(main())
