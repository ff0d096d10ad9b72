# One call is issued early by hand, the others are awaited at once.
# must: max(t)
import asyncio

import hermod


async def main():
    price_call = hermod.call("price", item="stamp")
    for text in ["letter", "invoice"]:
        print(await hermod.call("classify", text=text))
    print(await price_call)


asyncio.run(main())
