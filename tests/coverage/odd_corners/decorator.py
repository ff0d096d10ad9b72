import asyncio

import hermod


def logged(f):
    async def inner(*a):
        print("calling", a)
        r = await f(*a)
        print("called", r)
        return r

    return inner


@logged
async def ask(t):
    return await hermod.call("classify", text=t)


async def main():
    a = await ask("a")
    b = await ask("b")
    for t in "xy":
        print(await ask(t))
    print(a, b)


asyncio.run(main())
