# keeps: E3 test
import asyncio

import hermod


async def main():
    words = await hermod.call("keywords", text="letter")
    assert words != ["x"], "nothing found"
    category = await hermod.call("classify", text="letter")  # <- here
    print(words, category)


asyncio.run(main())
