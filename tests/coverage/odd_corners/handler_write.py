import asyncio

import hermod


async def main():
    for t in "ab":
        try:
            c = await hermod.call("classify", text=t)
            print(c)
        except hermod.CallError:
            await hermod.call("count_up", name=t, by=1)
    print(await hermod.call("read_counter", name="a"))


asyncio.run(main())
