import asyncio

import hermod


def loud(x):
    print("see", x)
    return x > "a"


async def main():
    ys = [await hermod.call("classify", text=x) for x in ["a", "b", "c"] if loud(x)]
    print(ys)


asyncio.run(main())
