import asyncio

import hermod


async def main():
    for name in ["a.jpg", "b.jpg", "c.jpg"]:
        category = await hermod.call("classify", text=name)
        if category < "m":
            price = await hermod.call("price", item=category)
            print(name, price)
        else:
            print(name, "none")


asyncio.run(main())
