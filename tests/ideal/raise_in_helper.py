# ideal: t[0] + max(t[1], t[2])
# A helper that may raise decides about all that its caller does next.
import asyncio

import hermod


def check(score):
    if score < 0:
        raise ValueError(score)


async def main():
    score = await hermod.call("embed", text="a")
    check(score)
    first = await hermod.call("classify", text="b")
    print(first, await hermod.call("classify", text="c"))


asyncio.run(main())
