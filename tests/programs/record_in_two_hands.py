import asyncio

import hermod


async def main():
    first = {"n": 0}
    second = [first, {"n": 5}]
    for text in ["a", "b", "c"]:
        record = second[0] if text == "b" else {"n": 1}
        category = await hermod.call("classify", text=f"{text}{first['n']}")
        record["n"] += len(category)
        record["last"] = await hermod.call("summarize", text=category)
        print(first)
    one = await hermod.call("price", item="a")
    other = await hermod.call("price", item="b")
    print(one, other)


asyncio.run(main())
