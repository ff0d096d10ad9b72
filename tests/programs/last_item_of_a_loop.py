# The loop makes no call that may run ahead, but the last item decides what is called after it.
import asyncio

import hermod


async def main():
    for word in ["amber", "fjord", "grove"]:
        print(await hermod.call("read_counter", name=word))
    for query in await hermod.call("search", query=await hermod.call("summarize", text=word)):
        counted = [await hermod.call("read_counter", name=query)]
        print(query, await hermod.call("classify", text=word), counted)


asyncio.run(main())
