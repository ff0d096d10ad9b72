# Every node of the tree is known before.
# must: max(t)
import asyncio

import hermod


async def walk(node, depth=0):
    category = await hermod.call("classify", text=node["name"])
    lines = [f"{'  ' * depth}{node['name']}: {category}"]
    for child in node["children"]:
        lines.extend(await walk(child, depth + 1))
    return lines


async def main():
    leaf = {"name": "leaf", "children": []}
    bud = {"name": "bud", "children": []}
    tree = {"name": "tree", "children": [{"name": "branch", "children": [leaf, bud]}]}
    print("\n".join(await walk(tree)))


asyncio.run(main())
