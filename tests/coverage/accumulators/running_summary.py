# Each call looks at what the one before gave.
# keeps: A5 story
import asyncio

import hermod


async def main():
    story = ""
    for text in ["monday", "tuesday", "wednesday"]:  # <- here
        story = await hermod.call("summarize", text=f"{story} {text}")  # <- here
    print(story)


asyncio.run(main())
