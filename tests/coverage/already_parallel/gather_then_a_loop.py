# The loop needs nothing of what is gathered.
# must: max(t)
import asyncio

import hermod


async def main():
    summary, category = await asyncio.gather(
        hermod.call("summarize", text="letter"),
        hermod.call("classify", text="letter"),
    )
    print(summary, category)
    for item in ["pear", "plum"]:
        print(item, await hermod.call("price", item=item))


asyncio.run(main())
