import asyncio

import hermod


log = []


def print(*a):
    log.append(a)


async def main():
    print("x", len(log))
    c = await hermod.call("classify", text=str(log))
    print(c)
    d = await hermod.call("classify", text=str(len(log)))
    import sys

    sys.stdout.write(f"{log} {d}")


asyncio.run(main())
