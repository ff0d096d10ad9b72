import asyncio
import warnings

import hermod


async def main():
    warnings.simplefilter("always")
    for t in "ab":
        c = await hermod.call("classify", text=t)
        if c > "a":
            print("warned", t)
    print(await hermod.call("embed", text="x"))


asyncio.run(main())
