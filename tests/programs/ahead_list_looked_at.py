import asyncio

import hermod


async def main():
    kinds = [await hermod.call("classify", text=text) for text in ["c", "a", "b"]]
    print(max(kinds))
    for kind in kinds:
        print(await hermod.call("summarize", text=kind))
    print(await hermod.call("translate", text=kinds[0], language="fr"))
    kind = "k"
    labels = [await hermod.call("classify", text=label) for label in ["x", "y"]]
    for kind in labels:
        print(await hermod.call("summarize", text=f"{kind}!"))
    print(await hermod.call("summarize", text=kind))


asyncio.run(main())
