import asyncio

import hermod


async def main():
    level = 1

    async def ask(text):
        return await hermod.call("classify", text=f"{text}{level}")

    for text in ["a", "b", "c"]:
        answer = await ask(text)
        level += 1
        print(answer)
    first = await ask("x")
    level = 9
    second = await ask("x")
    print(first, second)


asyncio.run(main())
