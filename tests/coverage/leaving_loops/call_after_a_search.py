# The loop hangs on its results; the call after it does not.
# must: max(sum(t[:-1]), t[-1])
import asyncio

import hermod


async def main():
    found = None
    for text in ["first", "second", "third"]:
        category = await hermod.call("classify", text=text)
        if category < "g":
            found = text
            break
    price = await hermod.call("price", item="stamp")
    print(found, price)


asyncio.run(main())
