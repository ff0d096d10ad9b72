import asyncio

import hermod


class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        print("swallowed", t is not None)
        return True


async def main():
    with Swallow():
        a = await hermod.call("classify", text="a")
        b = await hermod.call("classify", text="b")
        print(a, b)
    c = await hermod.call("classify", text="c")
    print(c)


asyncio.run(main())
