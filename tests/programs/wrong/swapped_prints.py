# serial: straight_line
import asyncio

import hermod


async def main():
    category_call = hermod.call("classify", text="the printer is on fire")
    summary_call = hermod.call("summarize", text="the printer is on fire")
    german_call = hermod.call("translate", text="fire", language="de")
    category = await category_call
    summary = await summary_call
    german = await german_call
    print(summary, german)
    print(category)


asyncio.run(main())
