import asyncio

import hermod


async def describe(text):
    return await hermod.call("summarize", text=text)


async def main():
    global describe
    first = describe

    async def loud(text):
        print("loud", text)
        return await first(text)

    describe = loud
    for text in ["a", "b"]:
        answer = await describe(text)
        print(answer)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
