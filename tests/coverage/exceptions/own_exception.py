# The helper raises on a plain value only.
# must: max(t)
import asyncio

import hermod


class TooLong(Exception):
    pass


async def shorten(text):
    if len(text) > 20:
        raise TooLong(text)
    return await hermod.call("summarize", text=text)


async def main():
    for text in ["a letter", "a very long invoice indeed", "a poster"]:
        try:
            print(await shorten(text))
        except TooLong as error:
            print("too long:", error)


asyncio.run(main())
