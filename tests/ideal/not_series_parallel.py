# ideal: max(t[0] + t[2], max(t[0], t[1]) + t[3])
# a → c, and a, b → d: no barrier expresses it; c does not wait for b.
import asyncio

import hermod


async def main():
    a = await hermod.call("summarize", text="a")
    b = await hermod.call("summarize", text="b")
    c = await hermod.call("translate", text=a, language="de")
    d = await hermod.call("classify", text=f"{a} {b}")
    print(c, d)


asyncio.run(main())
