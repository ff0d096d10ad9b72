# ideal: max(t[0] + t[1], t[2], t[0] + t[3])
# Reads of one state follow its write and overlap; another state does not mind.
import asyncio

import hermod


async def main():
    await hermod.call("index_add", text="note")
    print(await hermod.call("search", query="a"))
    print(await hermod.call("weather", city="b"))
    print(await hermod.call("search", query="c"))


asyncio.run(main())
