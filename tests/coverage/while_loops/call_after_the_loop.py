# The last call needs nothing of the loop, whose turns hang on one another.
# must: max(sum(t[:-1]), t[-1])
import asyncio

import hermod


async def main():
    text = "letter"
    while len(text) < 30:
        text = text + " " + await hermod.call("classify", text=text)
    price = await hermod.call("price", item="stamp")
    print(text, price)


asyncio.run(main())
