# ideal: max(t[0] + t[1], t[2] + t[3])
# The raise goes on to the next text; only a failed call would break, and that is no test.
import asyncio

import hermod


class TooLong(Exception):
    pass


async def shorten(text):
    summary = await hermod.call("summarize", text=text)
    if len(summary) > 1000:
        raise TooLong(text)
    return await hermod.call("classify", text=summary)


async def main():
    for text in ["a", "b"]:
        try:
            print(await shorten(text))
        except TooLong as error:
            print("skipped", error)
        except hermod.CallError as error:
            print("stopped", error)
            break


asyncio.run(main())
