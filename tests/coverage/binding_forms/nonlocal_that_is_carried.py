# keeps: A3|A5 story
import asyncio

import hermod


async def main():
    story = "once"

    async def go_on(text):
        nonlocal story
        story = await hermod.call("summarize", text=f"{story} {text}")

    for text in ["upon", "a", "time"]:  # <- here
        await go_on(text)  # <- here
    print(story)


asyncio.run(main())
