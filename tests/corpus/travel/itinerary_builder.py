# User: Build a three-day itinerary for Kyoto with the weather of each day and a sight in the morning and afternoon.
# shape: days-and-slots; tags: effects, helpers
import asyncio
from dataclasses import dataclass

import hermod


@dataclass
class Slot:
    day: str
    part: str
    sight: str
    minutes: int

    def __str__(self) -> str:
        return f"{self.day} {self.part:<9} {self.sight} ({self.minutes} min)"


def indoor_first(sights):
    return sorted(sights, key=lambda sight: sight["category"] != "museum")


async def main():
    sights = await hermod.call("find_attractions", city="Kyoto")
    slots = []
    for number in range(3):
        day = f"2026-11-{number + 1:02}"
        weather = await hermod.call("get_weather", city="Kyoto", date=day)
        ordered = indoor_first(sights) if weather["condition"] == "rain" else sights
        for part, sight in zip(("morning", "afternoon"), ordered[number:] + ordered[:number]):
            slots.append(Slot(day, part, sight["name"], sight["minutes"]))
            way = await hermod.call("route", origin="Hotel", destination=sight["name"], mode="train")
            slots[-1].minutes += way["minutes"]
    for slot in slots:
        print(slot)


asyncio.run(main())
