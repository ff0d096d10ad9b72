# must: max(t)
import asyncio

import hermod


async def main():
    for item in ["pear", "plum"]:
        try:
            price = await hermod.call("price", item=item)
        except hermod.CallError as error:
            print("no price of", item)
            raise RuntimeError(f"{item}: {error}") from error
        print(item, price)


asyncio.run(main())
