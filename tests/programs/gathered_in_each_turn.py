import asyncio

import hermod


async def main():
    for text in ["a", "b"]:
        summary, category = await asyncio.gather(
            hermod.call("summarize", text=text), hermod.call("classify", text=text)
        )
        print(summary, category)


asyncio.run(main())
