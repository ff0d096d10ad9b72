import asyncio

import hermod


async def main():
    words = (word for word in ["a", "b", "c", "d"])
    first = next(words)
    for number in range(2):
        category = await hermod.call("classify", text=f"{first}{number}")
        if category > "a":
            first = next(words)
        print(category)
    rest = ",".join(words)
    one = await hermod.call("price", item=rest)
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
