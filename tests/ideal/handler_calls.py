# ideal: t[0] + t[1]
# A call in a handler hangs on the failure, here of a conversion.
import asyncio

import hermod


async def main():
    text = await hermod.call("summarize", text="a")
    try:
        number = int(text)
    except ValueError:
        number = await hermod.call("embed", text="not a number")
    print(number)


asyncio.run(main())
