import asyncio

import hermod


async def ask(t, **opts):
    opts["n"] = opts.get("n", 0) + 1
    return f"{opts['n']} " + await hermod.call("classify", text=t)


async def main():
    o = {"n": 5}
    print(await ask("a", **o), await ask("b", **o), o)


asyncio.run(main())
