# The second loop needs nothing of the first.
# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        print(await hermod.call("classify", text=text))
    for item in ["pear", "plum"]:
        print(await hermod.call("price", item=item))


asyncio.run(main())
