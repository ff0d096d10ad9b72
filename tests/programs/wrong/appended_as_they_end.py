# serial: results_appended
import asyncio

import hermod


async def main():
    categories = []

    async def ask(text):
        categories.append(await hermod.call("classify", text=text))

    async with hermod.ahead() as early:
        for started in [early.start(ask(text)) for text in ["a", "b", "c"]]:
            await started
    for text in ["a", "b"]:
        print(text, await hermod.call("classify", text=text))
    print(categories)


asyncio.run(main())
