import asyncio

import hermod


async def main():
    x = await hermod.call("classify", text="a")
    try:
        y = await hermod.call("classify", text="b")
    except* hermod.CallError as group:
        print("group", len(group.exceptions))
        y = "n"
    print(x, y)


asyncio.run(main())
