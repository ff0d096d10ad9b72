import asyncio
import contextlib

import hermod


async def main():
    found = await hermod.call("search", query="a")
    with contextlib.suppress(ValueError):
        label = await hermod.call("translate", text="b", language="de")
        print(found, label)
    match await hermod.call("classify", text="c"):
        case "none":
            price = 0.0
        case other:
            price = await hermod.call("price", item=other)
    print(price)


asyncio.run(main())
