# ideal: t[0] + t[1]
# The cases are tests of the subject.
import asyncio

import hermod


async def main():
    match await hermod.call("classify", text="a"):
        case "never":
            print("never")
        case other:
            print(other, await hermod.call("summarize", text="b"))


asyncio.run(main())
