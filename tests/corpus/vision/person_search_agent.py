# User: Find the suspect from mugshot.png in the airport cameras and report every sighting.
# shape: agent-class-search; tags: effects, failures, helpers
import asyncio

import hermod
from PIL import Image


class Searcher:
    def __init__(self, mugshot, limit=60.0):
        self.mugshot = mugshot
        self.limit = limit
        self.sightings = []
        self.errors = 0

    async def check(self, camera):
        frame = Image.open(f"{camera}.png")
        for face in await hermod.call("detect_objects", image=frame, label="face"):
            box = (face["x"], face["y"], face["x"] + face["width"], face["y"] + face["height"])
            try:
                result = await hermod.call("compare_faces", first=self.mugshot, second=frame.crop(box))
            except hermod.CallError:
                self.errors += 1
                continue
            if result["same"] and result["similarity"] > self.limit:
                self.sightings.append((camera, result["similarity"]))

    async def report(self):
        for camera, similarity in self.sightings:
            number = await hermod.call("save_report", title=f"Sighting at {camera}", body=f"{similarity}")
            print(f"#{number}: {camera} {similarity}")


async def main():
    searcher = Searcher(Image.open("mugshot.png"))
    for camera in ("gate1", "gate2", "gate3"):
        await searcher.check(camera)
    print(len(searcher.sightings), "sightings,", searcher.errors, "errors")
    await searcher.report()


asyncio.run(main())
