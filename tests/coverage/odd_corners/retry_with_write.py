import asyncio

import hermod


async def main():
    for attempt in range(3):
        try:
            await hermod.call("count_up", name="tries", by=1)
            print(await hermod.call("classify", text="a"))
            break
        except hermod.CallError as e:
            print(attempt, e)
    print(await hermod.call("read_counter", name="tries"))


asyncio.run(main())
