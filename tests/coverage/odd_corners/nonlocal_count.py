import asyncio

import hermod


async def main():
    n = 0

    async def ask(t):
        nonlocal n
        n += 1
        return f"{n} " + await hermod.call("classify", text=t)

    for t in "abc":
        print(await ask(t))
    print(n)


asyncio.run(main())
