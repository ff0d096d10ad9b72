import asyncio

import hermod


async def main():
    async def ask(t):
        return await hermod.call("classify", text=t)

    a = await ask("a")

    async def ask(t):
        print("new", t)
        return await hermod.call("embed", text=t)

    b = await ask("b")
    print(a, b)


asyncio.run(main())
