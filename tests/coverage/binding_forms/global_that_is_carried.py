# keeps: A3|A5 topic
import asyncio

import hermod


topic = "birds"


async def ask(question):
    global topic
    topic = await hermod.call("summarize", text=f"{question} {topic}")


async def main():
    await ask("how many")
    await ask("how large")  # <- here
    print(topic)


asyncio.run(main())
