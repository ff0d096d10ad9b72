import asyncio

import hermod


async def main():
    # First the category
    category = await hermod.call("classify", text="the printer is on fire")

    # Then the summary
    summary = await hermod.call("summarize", text="the printer is on fire")
    print(category)
    german = await hermod.call("translate", text="fire", language="de")
    print(summary, german)


asyncio.run(main())
