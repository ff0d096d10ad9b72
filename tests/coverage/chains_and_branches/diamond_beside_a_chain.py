# must: max(t[0] + max(t[1], t[2]) + t[3], t[4] + t[5])
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    german = await hermod.call("translate", text=summary, language="German")
    dutch = await hermod.call("translate", text=summary, language="Dutch")
    alike = await hermod.call("compare", first=german, second=dutch)
    words = await hermod.call("keywords", text="invoice")
    search = await hermod.call("search", query=", ".join(words))
    print(alike, search)


asyncio.run(main())
