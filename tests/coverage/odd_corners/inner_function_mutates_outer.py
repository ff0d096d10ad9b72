import asyncio

import hermod


async def main():
    seen = []

    async def ask(t):
        seen.append(t)
        r = await hermod.call("classify", text=t)
        seen.append(r)
        return r

    a = await ask("a")
    print(len(seen))
    b = await ask("b" + str(len(seen)))
    print(a, b, seen)


asyncio.run(main())
