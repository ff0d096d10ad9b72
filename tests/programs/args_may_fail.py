import asyncio

import hermod


async def main():
    options = {"a": "x"}
    first = await hermod.call("classify", text="a")
    print(first)
    second = await hermod.call("classify", text=options["b"])
    print(second)


asyncio.run(main())
