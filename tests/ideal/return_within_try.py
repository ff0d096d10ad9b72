# ideal: max(t)
# What is raised is caught where it is raised, also if the body returns: callers do not mind.
import asyncio

import hermod


async def check(text):
    try:
        category = await hermod.call("classify", text=text)
        if len(category) > 1000:
            raise ValueError(category)
        return category
    except ValueError as error:
        return f"bad {error}"


async def main():
    for text in ["a", "b", "c"]:
        print(await check(text))


asyncio.run(main())
