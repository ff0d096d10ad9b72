# must: max(t)
import asyncio

import hermod


async def score(text):
    return round(await hermod.call("embed", text=text), 1)


async def pair(text):
    return await score(text), await score(text[::-1])


async def table(texts):
    return {text: await pair(text) for text in texts}


async def main():
    for text, numbers in (await table(["ab", "cd", "ef"])).items():
        print(text, *numbers)


asyncio.run(main())
