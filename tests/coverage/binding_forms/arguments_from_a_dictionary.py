# must: max(t)
import asyncio

import hermod


async def main():
    options = {"language": "German"}
    day = await hermod.call("translate", text="good day", **options)
    night = await hermod.call("translate", **{"text": "good night", **options})
    print(day, night)


asyncio.run(main())
