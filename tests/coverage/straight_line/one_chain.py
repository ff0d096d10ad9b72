# Each call needs the result of the one before.
# keeps: A3 need
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="a long letter")
    german = await hermod.call("translate", text=summary, language="German")  # <- here
    category = await hermod.call("classify", text=german)  # <- here
    print(summary, german, category)


asyncio.run(main())
