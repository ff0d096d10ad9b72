import asyncio

import hermod


async def main(pages):
    first = await hermod.call("classify", text="first")
    pages.append(first)
    second = await hermod.call("summarize", text=" ".join(pages))
    third = await hermod.call("embed", text="third")
    label = await hermod.call("classify", text=f"{third}")
    print(first, second, label)
    if first > "zz":
        return
    print(await hermod.call("price", item=first))


asyncio.run(main(["a"]))
