import asyncio

import hermod


async def main():
    texts = ["c", "a", "b"]
    kinds = [await hermod.call("classify", text=text) for text in texts if text != "z"]
    for number, (text, kind) in enumerate(zip(texts, kinds)):
        summary = await hermod.call("summarize", text=f"{text} {kind}")
        print(number, text, kind, await hermod.call("embed", text=summary))
    sizes = await asyncio.gather(*(hermod.call("embed", text=text) for text in texts))
    for size in reversed(sizes):
        print(await hermod.call("classify", text=f"size {size}"))


asyncio.run(main())
