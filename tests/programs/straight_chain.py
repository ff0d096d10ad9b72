import asyncio

import hermod


async def main():
    text = await hermod.call("summarize", text="a long story")
    short = await hermod.call("summarize", text=text)
    price = await hermod.call("price", item="lamp")
    print(short, price)


asyncio.run(main())
