import asyncio

import hermod

seen = []


async def ask(page):
    kind = await hermod.call("classify", text=page)
    print(kind)
    return await hermod.call("summarize", text=f"{kind} {len(seen)}")


async def main():
    for page in ["a", "b", "c"]:
        answer = await ask(page)
        if answer > "zz":
            break
        seen.append(page)
    print(seen)


asyncio.run(main())
