import asyncio

import hermod


async def main():
    line = await hermod.call("summarize", text="letter")
    word = await hermod.call("classify", text="thorn")
    for _ in sorted([]):
        word = await hermod.call("summarize", text=line)
    print(line, await hermod.call("summarize", text=word))


asyncio.run(main())
