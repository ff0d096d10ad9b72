import asyncio

import hermod


async def main():
    async def ask(t, acc=[]):
        acc.append(t)
        return await hermod.call("classify", text="".join(acc))

    print(await ask("a"))
    print(await ask("b"))


asyncio.run(main())
