# keeps: E3 test
import asyncio

import hermod


async def main():
    if await hermod.call("classify", text="a") > "a" and await hermod.call("is_safe", text="b"):  # <- here
        print("both")
    else:
        print("not both")


asyncio.run(main())
