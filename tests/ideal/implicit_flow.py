# ideal: t[0] + t[1]
# The name is a constant on both sides, but which one hangs on the test.
import asyncio

import hermod


async def main():
    score = await hermod.call("embed", text="a")
    language = "de"
    if score > 1000000:
        language = "fr"
    print(await hermod.call("translate", text="b", language=language))


asyncio.run(main())
