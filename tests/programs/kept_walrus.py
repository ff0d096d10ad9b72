import asyncio

import hermod


async def main():
    for t in ["a", "b", "c"]:
        if (c := await hermod.call("classify", text=t)) > "h":
            print("high", c)
        else:
            print("low", c)


asyncio.run(main())
