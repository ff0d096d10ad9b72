import asyncio

import hermod


def noisy(x):
    print("noisy", x)
    return x * 2


async def main():
    for t in map(noisy, ["a", "b", "c"]):
        print(await hermod.call("classify", text=t))


asyncio.run(main())
