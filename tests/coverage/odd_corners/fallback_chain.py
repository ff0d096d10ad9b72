import asyncio

import hermod


async def ask(t):
    for f in ("a", "b"):
        try:
            return await hermod.call("classify", text=f + t)
        except hermod.CallError:
            print("failed", f, t)
    raise RuntimeError(t)


async def main():
    for t in "xyz":
        try:
            print(await ask(t))
        except RuntimeError as e:
            print("gave up", e)


asyncio.run(main())
