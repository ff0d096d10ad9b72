import asyncio

import hermod


class Timer:
    def __enter__(self):
        print("start")
        return self

    def __exit__(self, t, *_):
        print("stop", t is not None)


async def f(t):
    with Timer():
        c = await hermod.call("classify", text=t)
        if c > "m":
            return c
        d = await hermod.call("summarize", text=t)
        return d


async def main():
    for t in "abc":
        print(await f(t))


asyncio.run(main())
