import asyncio

import hermod


async def main():
    rows = [{"t": "a"}, {"t": "b"}, {}]
    for r in rows:
        c = await hermod.call("classify", text=r["t"])
        d = await hermod.call("embed", text=r["t"])
        print(c, d)
        if c > "a" and r["t"] == "b":
            break


asyncio.run(main())
