import asyncio

import hermod


count = 0


def len(x):
    global count
    count += 1
    return count


async def main():
    for t in ["a", "b"]:
        c = await hermod.call("classify", text=t + str(len(t)))
        print(c)
    print(count)


asyncio.run(main())
