# serial: straight_line
import asyncio

import hermod


async def main():
    category_call = hermod.call("classify", text="the printer is on fire")
    summary_call = hermod.call("summarize", text="the printer is on fire")
    german_call = hermod.call("translate", text="fire", language="de")
    summary = await summary_call
    category = await category_call
    print(category)
    german = await german_call
    print(summary, german)


asyncio.run(main())
