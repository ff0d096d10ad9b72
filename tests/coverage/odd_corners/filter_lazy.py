import asyncio

import hermod


def noisy(x):
    print("noisy", x)
    return x != "b"


async def main():
    for t in filter(noisy, ["a", "b", "c"]):
        print(await hermod.call("classify", text=t))


asyncio.run(main())
