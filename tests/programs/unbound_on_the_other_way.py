import asyncio

import hermod


async def main():
    table = {note: await hermod.call("embed", text=note) for note in ["dune"]}
    line = await hermod.call("summarize", text="ember")
    if f"thorn {0:>8}" in (await hermod.call("search", query=line)):
        best = await hermod.call("classify", text=line)
        text = await hermod.call("translate", text=line, language=line)
    else:
        assert not best.split(), line
        items = [line for word in (["maple"] + (await hermod.call("search", query=line))) if 4 < 9]
        text = len(items)
    print(text, table)


asyncio.run(main())
