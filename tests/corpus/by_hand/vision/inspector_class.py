# All looks at once; the reports are writes, one after the other, and wait for all looks (E2).
import asyncio

import hermod
from PIL import Image

MACHINES = ["press", "lathe", "drill"]


async def inspect(name):
    image = Image.open(f"{name}.png")
    rusty, leaking, crack = await asyncio.gather(
        hermod.call("check_property", image=image, object_name="machine", property="rusty"),
        hermod.call("check_property", image=image, object_name="machine", property="leaking"),
        hermod.call("segment", image=image, label="crack"),
    )
    found = ["rust"] * rusty + ["leak"] * leaking
    if crack["area"] > 20:
        found.append(f"crack of {crack['area']} px")
    return "; ".join(found) or "no defects"


async def main():
    reports = await asyncio.gather(*map(inspect, MACHINES))
    for machine, report in zip(MACHINES, reports):
        number = await hermod.call("save_report", title=machine, body=report)
        print(f"report {number}: {machine}: {report}")
    print(sum(report == "no defects" for report in reports), "machines are fine")


asyncio.run(main())
