import asyncio

import hermod


async def first(ts):
    for t in ts:
        try:
            c = await hermod.call("classify", text=t)
        except hermod.CallError:
            continue
        if c > "h":
            return t, c
    return None


async def main():
    print(await first(["a", "b", "c"]))
    print(await first([]))
    print(await hermod.call("embed", text="e"))


asyncio.run(main())
