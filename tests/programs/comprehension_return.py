import asyncio

import hermod


async def categories(texts: list[str]):
    return [await hermod.call("classify", text=text) for text in texts]


async def main():
    print(await categories(["a", "b"]))


asyncio.run(main())
