import asyncio

import hermod


async def main():
    for line in "maple reed".split():
        for number in range(0):
            print(number, await hermod.call("summarize", text=line))
        else:
            if await hermod.call("classify", text=line) > "m":
                continue
        try:
            word = await hermod.call("summarize", text=line + "s")
        except hermod.CallError:
            word = await hermod.call("classify", text=await hermod.call("summarize", text=line))
        print(word)


asyncio.run(main())
