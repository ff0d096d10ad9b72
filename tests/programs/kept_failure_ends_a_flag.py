# Ahead of the write that ends it, a slice of this loop would spin: only a failure of its own call lets it go.
import asyncio

import hermod


async def main():
    going = True
    while going:
        try:
            label = await hermod.call("classify", text="a")
        except hermod.CallError:
            going = False
        else:
            print(label)
        print(await hermod.call("count_up", name="x", by=1))


asyncio.run(main())
