import asyncio

import hermod


COUNT = 0


def bump():
    global COUNT
    COUNT += 1
    return COUNT


async def main():
    for t in ["a", "b"]:
        n = COUNT
        c = await hermod.call("classify", text=f"{t}{n}")
        bump()
        print(c)


asyncio.run(main())
