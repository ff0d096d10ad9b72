# must: max(t)
import asyncio

import hermod


async def main():
    for number, text in enumerate(["a", "b", "c", "d", "e"]):
        if number == 3:
            break
        print(number, await hermod.call("classify", text=text))


asyncio.run(main())
