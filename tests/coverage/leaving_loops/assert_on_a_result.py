# keeps: E3 assert
import asyncio

import hermod


async def main():
    for text in ["first", "second", "third"]:  # <- here
        score = await hermod.call("embed", text=text)
        assert score < 1000, text
        print(text, score)


asyncio.run(main())
