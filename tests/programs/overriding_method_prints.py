import asyncio

import hermod


class Reader:
    async def read(self, text):
        return await hermod.call("summarize", text=text)

    async def all(self, texts: list):
        for text in texts:
            answer = await self.read(text)
            print(answer)


class Loud(Reader):
    async def read(self, text):
        print("reading", text)
        answer = await hermod.call("classify", text=text)
        return answer


async def main():
    await Loud().all(["a", "b"])
    first = await hermod.call("price", item="a")
    second = await hermod.call("price", item="b")
    print(first, second)


asyncio.run(main())
