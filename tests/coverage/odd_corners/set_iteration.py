import asyncio

import hermod


async def main():
    s = {"only"}
    for t in s:
        print(await hermod.call("classify", text=t))
        s = s | {"more"}
    print(sorted(s))


asyncio.run(main())
