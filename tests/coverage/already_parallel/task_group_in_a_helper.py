# One helper is parallel already, the other is not.
# must: max(t)
import asyncio

import hermod


async def both(text):
    async with asyncio.TaskGroup() as group:
        summary = group.create_task(summarize(text))
        score = group.create_task(embed(text))
    return summary.result(), score.result()


async def summarize(text):
    return await hermod.call("summarize", text=text)


async def embed(text):
    return await hermod.call("embed", text=text)


async def main():
    print(*await both("letter"))
    for text in ["a", "b", "c"]:
        print(await hermod.call("classify", text=text))


asyncio.run(main())
