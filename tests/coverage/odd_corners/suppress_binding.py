import asyncio
import contextlib

import hermod


async def main():
    c = "start"
    for t in ["a", "b", "c"]:
        with contextlib.suppress(hermod.CallError):
            c = await hermod.call("classify", text=t)
        print(t, c)
    with contextlib.suppress(hermod.CallError):
        d = "early"
        d = await hermod.call("summarize", text="d")
        e = await hermod.call("embed", text="e")
    print(d)


asyncio.run(main())
