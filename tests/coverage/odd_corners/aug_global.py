import asyncio

import hermod


total = 1


async def more(t):
    global total
    c = await hermod.call("classify", text=t)
    total += 1
    return len(c)


async def main():
    global total
    total += await more("a")
    total += await more("b")
    print(total)


asyncio.run(main())
