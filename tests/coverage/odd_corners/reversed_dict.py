import asyncio

import hermod


async def main():
    d = {"a": 1, "b": 2}
    for k in reversed(d):
        print(k, await hermod.call("classify", text=k))
    for k, v in sorted(d.items(), key=lambda kv: -kv[1]):
        print(k, await hermod.call("summarize", text=k))


asyncio.run(main())
