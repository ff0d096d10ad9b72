import asyncio

import hermod


async def judge(text):
    if not text:
        return "empty"
    category = await hermod.call("classify", text=text)
    summary = await hermod.call("summarize", text=text)
    return f"{category}: {summary}"


async def main():
    verdicts = []
    for text in ["a", "", "b"]:
        verdict = await judge(text)
        verdicts.append(verdict)
    print(verdicts)


asyncio.run(main())
