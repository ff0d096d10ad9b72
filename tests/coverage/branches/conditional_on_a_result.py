# keeps: E3 test
import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text="letter")
    answer = await hermod.call("summarize", text="x") if category > "a" else "none"  # <- here
    print(category, answer)


asyncio.run(main())
