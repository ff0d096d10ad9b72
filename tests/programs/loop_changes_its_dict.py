import asyncio

import hermod


async def main():
    out = {}
    for k in ["a", "b"]:
        out[k] = await hermod.call("classify", text=k)
    for k, v in out.items():
        w = await hermod.call("summarize", text=v)
        out[k] = w
    print(out)


asyncio.run(main())
