# keeps: E3 test
import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text="letter")
    match category:
        case "amber":
            print("amber")
        case _:
            print(await hermod.call("summarize", text="letter"))  # <- here


asyncio.run(main())
