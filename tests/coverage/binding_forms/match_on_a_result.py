# The arms hang on the category, the last call on nothing.
# must: max(t[0] + t[1], t[2])
import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text="letter")
    match category:
        case "amber" | "birch":
            answer = await hermod.call("summarize", text="letter")
        case _:
            answer = await hermod.call("translate", text="letter", language="German")
    price = await hermod.call("price", item="stamp")
    print(category, answer, price)


asyncio.run(main())
