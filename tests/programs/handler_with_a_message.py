import asyncio

import hermod


async def judge(text):
    try:
        category = await hermod.call("classify", text=text)
        summary = await hermod.call("summarize", text=text)
    except hermod.CallError as error:
        return f"failed: {error}"
    return f"{category} {summary}"


async def main():
    lines = [await judge(text) for text in ["a", "b", "c"]]
    for line in lines:
        print(line)


asyncio.run(main())
