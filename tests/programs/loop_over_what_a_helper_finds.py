import asyncio

import hermod


async def find(text):
    found = []
    for line in await hermod.call("search", query=text):
        if line > "b":
            found.append(line)
    return found


def shortest(lines):
    if not lines:
        return []
    return sorted(lines, key=len)[:2]


async def main():
    lines = await find("printer")
    for line in lines:
        category = await hermod.call("classify", text=line)
        print(line, category)
    for line in shortest(lines):
        summary = await hermod.call("summarize", text=line)
        print(line, summary)


asyncio.run(main())
