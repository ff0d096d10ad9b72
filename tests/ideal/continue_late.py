# ideal: max(t[0] + t[1], t[2] + t[3])
# A continue decides about the rest of its iteration only.
import asyncio

import hermod


async def main():
    for text in ["a", "b"]:
        if await hermod.call("embed", text=text) < 0:
            continue
        print(await hermod.call("classify", text=text))


asyncio.run(main())
