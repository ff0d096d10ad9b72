# ideal: max(t[0], t[1], t[2]) + t[3]
# Which key was written hangs on two calls: to read any key is to look at both and at its value.
import asyncio

import hermod


async def main():
    seen = {"x": "nothing"}
    first = await hermod.call("classify", text="a")
    second = await hermod.call("classify", text="b")
    seen[first] = "known"
    seen[second] = await hermod.call("summarize", text="c")
    print(await hermod.call("translate", text=seen.get("x") + str(len(seen)) + seen[second], language="de"))


asyncio.run(main())
