import asyncio

import hermod


async def main():
    words = ["a"]
    a = await hermod.call("classify", text=" ".join(words))
    words.append("b")
    b = await hermod.call("classify", text=" ".join(words))
    words.reverse()
    c = await hermod.call("classify", text=" ".join(words))
    print(a, b, c)


asyncio.run(main())
