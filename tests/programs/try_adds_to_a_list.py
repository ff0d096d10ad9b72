import asyncio

import hermod


async def main():
    found = []
    for word in ["amber", "quartz"]:
        found.append(await hermod.call("summarize", text=word))
    try:
        found.append("umber")
        kind = await hermod.call("classify", text=found[0])
        price = await hermod.call("price", item=kind)
    except ValueError:
        price = 0
    print(price)
    print(await hermod.call("translate", text=",".join(found), language="de"))


asyncio.run(main())
