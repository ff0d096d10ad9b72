import asyncio

import hermod


async def main():
    async def ask(text):
        return await hermod.call("classify", text=text)

    for text in ["a", "b"]:
        print(await ask(text))


asyncio.run(main())
