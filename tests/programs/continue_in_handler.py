import asyncio

import hermod


async def main():
    for t in ["a", "b", "c"]:
        try:
            c = await hermod.call("classify", text=t)
        except hermod.CallError:
            print("skip", t)
            continue
        s = await hermod.call("summarize", text=c)
        print(c, s)


asyncio.run(main())
