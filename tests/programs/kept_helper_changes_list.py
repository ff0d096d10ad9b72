import asyncio

import hermod


def log(items, x):
    items.append(x)
    return items


async def main():
    items = []
    for text in ["a", "b"]:
        n = len(log(items, text))
        category = await hermod.call("classify", text=f"{n}")
        print(category, items)


asyncio.run(main())
