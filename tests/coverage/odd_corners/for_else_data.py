import asyncio

import hermod


async def main():
    for t in ["a", "b"]:
        c = await hermod.call("classify", text=t)
        if c == "zzz":
            break
    else:
        c = "none"
    print(c, await hermod.call("embed", text=c))


asyncio.run(main())
