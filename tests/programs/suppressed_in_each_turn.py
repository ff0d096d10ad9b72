import asyncio
import contextlib

import hermod


async def main():
    for text in ["a", "b", "c"]:
        category = "none"
        with contextlib.suppress(hermod.CallError):
            category = await hermod.call("classify", text=text)
        print(text, category)


asyncio.run(main())
