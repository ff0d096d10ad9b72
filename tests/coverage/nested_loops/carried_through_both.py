# keeps: A5 text
import asyncio

import hermod


async def main():
    text = "start"
    for direction in ["left", "right"]:  # <- here
        for step in range(2):  # <- here
            text = await hermod.call("summarize", text=f"{text} {direction} {step}")  # <- here
            print(text)


asyncio.run(main())
