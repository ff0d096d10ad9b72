# A dataclass keeps nothing apart: an attribute set on one is seen through everything that holds the object.
import asyncio
from dataclasses import dataclass

import hermod


@dataclass
class Slot:
    day: str
    notes: list


@dataclass
class Shelf:
    slot: Slot
    spare: Slot


def rename(slot, day):
    slot.day = day


def first_of(shelf):
    return shelf.slot


async def tell(shelf):
    return await hermod.call("summarize", text=f"{shelf.slot.day} {shelf.spare.notes}")


async def mark(slot, other):
    slot.day = await hermod.call("classify", text=other.day)
    return await hermod.call("summarize", text=f"{other.day} {other.notes}")


async def main():
    notes = ["n"]
    slots = [Slot(text, notes) for text in ["a", "b"]]
    shelf = Shelf(slots[0], slots[1])
    by_name = {"first": slots[0], "last": slots[-1]}
    for slot in [slots[1], shelf.slot]:
        kind = await hermod.call("classify", text=slot.day)
        shelf.slot.day += kind
        print(await hermod.call("summarize", text=f"{slots[0].day} {by_name['first'].day}"))
        print(await tell(shelf))
    for text in ["c", "d"]:
        slots[-1].notes = [text, await hermod.call("classify", text=f"{shelf.spare.notes}")]
        print(await hermod.call("summarize", text=f"{by_name['last'].notes} {notes}"))
    for slot in slots:
        slot.notes = notes
        shelf.spare.notes.append(await hermod.call("classify", text=f"{notes}"))
        print(await hermod.call("summarize", text=f"{slot.notes} {shelf.slot.notes}"))
    for text in ["e", "f"]:
        rename(first_of(shelf), text)
        print(await hermod.call("summarize", text=slots[0].day), await tell(shelf))
    print(await mark(slots[0], shelf.slot), await mark(shelf.spare, slots[0]), await mark(slots[1], shelf.spare))
    for slot in slots:
        shelf.slot, shelf.spare = shelf.spare, slot
        shelf.slot.day = await hermod.call("classify", text=shelf.spare.day)
        print(await tell(shelf), [slot.day for slot in slots])


asyncio.run(main())
