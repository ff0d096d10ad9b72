# The `else` of the loop looks at what the last turn has bound.
import asyncio

import hermod


async def main():
    for best in ["umber", "thorn", "willow"]:
        best = await hermod.call("classify", text="reed")
    else:
        number = await hermod.call("price", item=best)
    print(best, number)


asyncio.run(main())
