# keeps: E3 raise
import asyncio

import hermod


async def main():
    for text in ["first", "second", "third"]:  # <- here
        score = await hermod.call("embed", text=text)
        if score > 1000:
            raise ValueError(f"{text}: {score}")
        print(text, score)


asyncio.run(main())
