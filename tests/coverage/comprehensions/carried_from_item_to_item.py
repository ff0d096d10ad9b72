# keeps: A5 story
import asyncio

import hermod


async def main():
    story = "once"
    parts = [story := await hermod.call("summarize", text=f"{story} {word}") for word in ["upon", "a", "time"]]  # <- here
    print(parts, story)


asyncio.run(main())
