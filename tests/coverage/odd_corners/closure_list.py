import asyncio

import hermod


def collector():
    got = []

    async def ask(t):
        got.append(await hermod.call("classify", text=t + str(len(got))))
        return got

    return ask


async def main():
    ask = collector()
    a = await ask("a")
    b = await ask("b")
    print(a, b, a is b)


asyncio.run(main())
