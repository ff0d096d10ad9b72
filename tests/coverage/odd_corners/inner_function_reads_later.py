import asyncio

import hermod


async def main():
    x = "one"

    async def ask():
        return await hermod.call("classify", text=x)

    a = await ask()
    x = "two"
    b = await ask()
    for x in ["three", "four"]:
        print(await ask())
    print(a, b, await ask())


asyncio.run(main())
