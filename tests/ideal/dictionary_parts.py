# ideal: max(t[0] + t[2], t[1])
# A constant key picks one value.
import asyncio

import hermod


async def main():
    seen = {}
    seen["a"] = await hermod.call("summarize", text="a")
    seen["b"] = await hermod.call("summarize", text="b")
    print(await hermod.call("classify", text=seen["a"]), seen)


asyncio.run(main())
