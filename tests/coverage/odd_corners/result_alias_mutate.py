import asyncio

import hermod


async def main():
    ks = await hermod.call("keywords", text="k")
    other = ks
    other.append("extra")
    for k in ks:
        print(await hermod.call("classify", text=k))
    print(len(other))


asyncio.run(main())
