# Each branch goes on from its own test; neither waits for the other.
# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


async def main():
    first = await hermod.call("classify", text="letter")
    if first > "a":
        print(await hermod.call("summarize", text=f"letter {first}"))
    second = await hermod.call("classify", text="invoice")
    if second > "a":
        print(await hermod.call("summarize", text=f"invoice {second}"))


asyncio.run(main())
