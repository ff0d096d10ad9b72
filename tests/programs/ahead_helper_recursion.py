import asyncio

import hermod

TREE = {"top": ["left", "right"], "left": ["a", "b"], "right": []}


async def walk(node, level=0):
    label = await hermod.call("classify", text=node)
    print("  " * level + label)
    total = len(label)
    for child in TREE.get(node, []):
        total += await walk(child, level + 1)
    return total


async def main():
    print(await walk("top"))


asyncio.run(main())
