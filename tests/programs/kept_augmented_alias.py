import asyncio

import hermod


async def main():
    acc = []
    other = acc
    for t in ["a", "b"]:
        c = await hermod.call("classify", text=f"{other}{t}")
        acc += [c]
    print(acc)


asyncio.run(main())
