import asyncio

import hermod

seen = ["z"]


async def ask(text):
    return await hermod.call("classify", text=f"{text}{len(seen)}")


async def main():
    global seen
    seen = []
    for text in ["a", "b", "c"]:
        answer = await ask(text)
        seen.append(answer)
        print(answer)
    first = await ask("x")
    seen.append("y")
    second = await ask("x")
    one = await hermod.call("price", item="a")
    print(first, second, one)


asyncio.run(main())
