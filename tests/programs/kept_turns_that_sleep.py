import asyncio

import hermod


async def main():
    for attempt in range(4):
        found = await hermod.call("search", query="a")
        if len(found) > 2:
            break
        print("not yet", attempt)
        await asyncio.sleep(1)
    print(found)


asyncio.run(main())
