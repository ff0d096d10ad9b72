import asyncio

import hermod


async def main():
    asks = []
    for lang in ["German", "Dutch"]:

        async def ask(t):
            return await hermod.call("translate", text=t, language=lang)

        asks.append(ask)
    for ask in asks:
        print(await ask("x"))


asyncio.run(main())
