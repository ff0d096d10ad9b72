import asyncio
from contextlib import contextmanager

import hermod


@contextmanager
def step(name):
    print("begin", name)
    try:
        yield name.upper()
    finally:
        print("end", name)


async def main():
    for n in "ab":
        with step(n) as up:
            print(up, await hermod.call("classify", text=up))
    with step("c") as up, step("d") as other:
        print(await hermod.call("classify", text=up), await hermod.call("classify", text=other))


asyncio.run(main())
