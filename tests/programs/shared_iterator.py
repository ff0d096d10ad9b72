import asyncio

import hermod


async def main():
    names = iter(["lamp", "desk", "chair", "sofa"])
    for number in range(2):
        first = await hermod.call("price", item=f"{number}")
        rest = list(names) if number else []
        print(first, rest, await hermod.call("price", item=" ".join(rest)))


asyncio.run(main())
