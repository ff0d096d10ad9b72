# ideal: t[0] + max(t[1], t[2]) + t[3]
# Two calls look at the first; the last looks at both.
import asyncio

import hermod


async def main():
    text = await hermod.call("summarize", text="start")
    left = await hermod.call("translate", text=text, language="de")
    right = await hermod.call("classify", text=text)
    print(await hermod.call("embed", text=left + right))


asyncio.run(main())
