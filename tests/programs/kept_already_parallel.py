import asyncio

import hermod


async def main():
    calls = [hermod.call("classify", text=text) for text in ["a", "b"]]
    print(await asyncio.gather(*calls))


asyncio.run(main())
