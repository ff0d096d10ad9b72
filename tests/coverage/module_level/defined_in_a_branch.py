# must: max(t)
import asyncio

import hermod

LOUD = True

if LOUD:

    async def describe(text):
        return (await hermod.call("summarize", text=text)).upper()

else:

    async def describe(text):
        return await hermod.call("classify", text=text)


async def main():
    letter = await describe("letter")
    invoice = await describe("invoice")
    print(letter, invoice)


asyncio.run(main())
