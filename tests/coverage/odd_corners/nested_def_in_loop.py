import asyncio

import hermod


async def main():
    for lang in ["German", "Dutch"]:

        async def say(t):
            return await hermod.call("translate", text=t, language=lang)

        print(await say("x"))
        print(await say("y"))


asyncio.run(main())
