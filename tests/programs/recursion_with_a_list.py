import asyncio

import hermod


async def walk(node, seen):
    seen.append(node["name"])
    category = await hermod.call("classify", text=f"{node['name']} {len(seen)}")
    for child in node["children"]:
        category += await walk(child, seen)
    return category


async def main():
    leaf = {"name": "leaf", "children": []}
    tree = {"name": "tree", "children": [leaf, {"name": "bud", "children": []}]}
    seen = []
    one = await walk(tree, seen)
    other = await walk(leaf, seen)
    print(one, other, seen)
    first = await hermod.call("price", item="a")
    second = await hermod.call("price", item="b")
    print(first, second)


asyncio.run(main())
