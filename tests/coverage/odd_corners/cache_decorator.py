import asyncio
import functools

import hermod


seen = {}


def cached(f):
    async def inner(t):
        if t not in seen:
            seen[t] = await f(t)
        else:
            print("hit", t)
        return seen[t]

    return inner


@cached
async def ask(t):
    return await hermod.call("classify", text=t)


async def main():
    for t in ["a", "b", "a"]:
        print(await ask(t))


asyncio.run(main())
