# The call in `else` is made only if no result ends the loop.
# keeps: E3 break
import asyncio

import hermod


async def main():
    for text in ["first", "second"]:  # <- here
        category = await hermod.call("classify", text=text)
        if category > "x":
            print("found", text)
            break
    else:
        print(await hermod.call("summarize", text="nothing found"))


asyncio.run(main())
