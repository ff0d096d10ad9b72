import asyncio

import hermod


class Reader:
    async def read(self, text):
        return await hermod.call("summarize", text=text)


async def loud(self, text):
    print("loud", text)
    return await hermod.call("classify", text=text)


async def main():
    reader = Reader()
    Reader.read = loud
    for text in ["a", "b"]:
        answer = await reader.read(text)
        print(answer)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
