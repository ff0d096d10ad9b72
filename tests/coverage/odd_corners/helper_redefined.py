import asyncio

import hermod


async def ask(t):
    return await hermod.call("classify", text=t)


first = ask


async def ask(t):
    print("second", t)
    return await hermod.call("embed", text=t)


async def main():
    print(await first("a"))
    print(await ask("a"))
    for t in "xy":
        print(await ask(t))


asyncio.run(main())
