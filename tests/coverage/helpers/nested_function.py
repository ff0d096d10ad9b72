# must: max(t)
import asyncio

import hermod


async def main():
    language = "German"

    async def translated(text):
        return await hermod.call("translate", text=text, language=language)

    greeting = await translated("good day")
    farewell = await translated("good bye")
    print(greeting, farewell)


asyncio.run(main())
