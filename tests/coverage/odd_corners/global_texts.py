import asyncio

import hermod


TEXTS = ["a", "b"]


async def ask():
    TEXTS.append("c" * len(TEXTS))
    return await hermod.call("classify", text=TEXTS[-1])


async def main():
    x = await ask()
    y = await ask()
    z = await hermod.call("classify", text="".join(TEXTS))
    print(x, y, z)


asyncio.run(main())
