# must: max(t)
import asyncio

import hermod


def about(topic):
    async def ask(question):
        return await hermod.call("summarize", text=f"{topic}: {question}")

    return ask


async def main():
    ask = about("birds")
    for question in ["how many", "how large", "how old"]:
        print(question, await ask(question))


asyncio.run(main())
