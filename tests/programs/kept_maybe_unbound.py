import asyncio

import hermod


async def main():
    for t in ["a", "bb"]:
        if len(t) > 1:
            c = await hermod.call("classify", text=t)
        try:
            print(c)
        except NameError:
            print("unbound")


asyncio.run(main())
