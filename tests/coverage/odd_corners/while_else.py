import asyncio

import hermod


async def main():
    i = 0
    while i < 3:
        print(await hermod.call("classify", text=str(i)))
        i += 1
    else:
        print("else", await hermod.call("embed", text="e"))
    print(i)


asyncio.run(main())
