import asyncio

import hermod


async def main():
    for line in "one two\nthree".splitlines():
        for w in line.split():
            print(w, await hermod.call("classify", text=w))


asyncio.run(main())
