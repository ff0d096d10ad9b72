import asyncio

import hermod


class Bad(Exception):
    pass


async def check(text):
    category = await hermod.call("classify", text=text)
    if category > "t":
        raise Bad(text)
    return category


async def work(text):
    try:
        kind = await check(text)
    except Bad as error:
        print("bad", error)
        return "none"
    return await hermod.call("summarize", text=kind + text)


async def main():
    for text in ["a", "b", "c"]:
        print(await work(text))
    for text in ["d", "e", "f"]:
        try:
            kind = await check(text)
        except Bad:
            print("not", text)
            continue
        price = await hermod.call("price", item=kind)
        print(text, kind, price)


asyncio.run(main())
