# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


async def describe(text):
    summary = await hermod.call("summarize", text=text)
    category = await hermod.call("classify", text=summary)
    return f"{summary} ({category})"


async def main():
    letter = await describe("a letter")
    invoice = await describe("an invoice")
    print(letter)
    print(invoice)


asyncio.run(main())
