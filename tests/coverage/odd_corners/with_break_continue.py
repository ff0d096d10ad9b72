import asyncio
import contextlib

import hermod


async def main():
    for t in ["a", "b", "c", "d"]:
        with contextlib.suppress(ValueError):
            c = await hermod.call("classify", text=t)
            if t == "b":
                raise ValueError(t)
            if t == "c":
                continue
            print(t, c)
        print("after", t)


asyncio.run(main())
