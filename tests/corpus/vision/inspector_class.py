# User: Inspect the factory pictures and write a defect report for each machine.
# shape: class-inspector; tags: effects, helpers
import asyncio
import hermod
from PIL import Image


class Inspector:
    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.defects: dict[str, list[str]] = {}

    async def inspect(self, name: str) -> bool:
        image = Image.open(f"{name}.png")
        rusty = await hermod.call("check_property", image=image, object_name="machine", property="rusty")
        leaking = await hermod.call("check_property", image=image, object_name="machine", property="leaking")
        crack = await hermod.call("segment", image=image, label="crack")
        found = []
        if rusty:
            found.append("rust")
        if leaking:
            found.append("leak")
        if crack["area"] > self.threshold:
            found.append(f"crack of {crack['area']} px")
        self.defects[name] = found
        return not found

    def report(self, name: str) -> str:
        return "; ".join(self.defects[name]) or "no defects"


async def main():
    inspector = Inspector(threshold=20)
    fine = 0
    for machine in ["press", "lathe", "drill"]:
        if await inspector.inspect(machine):
            fine += 1
    for machine in inspector.defects:
        number = await hermod.call("save_report", title=machine, body=inspector.report(machine))
        print(f"report {number}: {machine}: {inspector.report(machine)}")
    print(fine, "machines are fine")


asyncio.run(main())
