# `_` is a variable like any other: what nobody looks at gets another name beside it.
import asyncio

import hermod


async def main():
    print(await hermod.call("summarize", text="maple"))
    text, _ = await hermod.call("summarize", text="elm"), await hermod.call("translate", text="fern", language="en")
    print(text, await hermod.call("weather", city=_))
    for _, word in [("amber", "birch"), ("cedar", "dune")]:
        await hermod.call("embed", text=word)
    return _


print(asyncio.run(main()))
