import asyncio

import hermod


class Depth:
    now = 0

    def __enter__(self):
        Depth.now += 1
        return Depth.now

    def __exit__(self, *_):
        Depth.now -= 1


async def main():
    with Depth() as d:
        a = await hermod.call("classify", text=f"a{d}{Depth.now}")
        with Depth() as e:
            b = await hermod.call("classify", text=f"b{e}{Depth.now}")
    c = await hermod.call("classify", text=f"c{Depth.now}")
    print(a, b, c)


asyncio.run(main())
