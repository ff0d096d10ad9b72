# serial: straight_line
import asyncio

import hermod


async def main():
    category_call = hermod.call("classify", text="the printer is on fire")
    summary_call = hermod.call("summarize", text="the printer is on fire")
    german_call = hermod.call("translate", text="fire", language="de")
    category, summary = await asyncio.gather(category_call, summary_call)
    print(category)
    german = await german_call
    print(summary, german)


asyncio.run(main())
