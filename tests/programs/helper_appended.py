import asyncio

import hermod


async def judge(text):
    category = await hermod.call("classify", text=text)
    summary = await hermod.call("summarize", text=text)
    return f"{category}: {summary}"


async def main():
    first = await judge("x")
    second = await judge("y")
    print(first, second)
    verdicts = []
    for text in ["a", "b", "c"]:
        verdicts.append(await judge(text))
    print(verdicts)


asyncio.run(main())
