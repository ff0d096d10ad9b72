# What the generator prints between its items would come too early.
# keeps: A6 items
import asyncio

import hermod


def pages():
    for page in ["one", "two", "three"]:
        print("turning to", page)
        yield page


async def main():
    for page in pages():  # <- here
        category = await hermod.call("classify", text=page)
        print(category)


asyncio.run(main())
