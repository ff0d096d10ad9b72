import asyncio

import hermod


async def main():
    row = {"t": "a"}
    rows = [row, row, {"t": "b"}]
    for r in rows:
        r["t"] = r["t"] + "!"
        print(await hermod.call("classify", text=r["t"]))


asyncio.run(main())
