import asyncio

import hermod


async def main():
    weights = {"a": 2, "b": 1}
    a = await hermod.call("classify", text="".join(sorted("ab", key=lambda k: weights[k])))
    weights["a"] = 0
    b = await hermod.call("classify", text="".join(sorted("ab", key=lambda k: weights[k])))
    print(a, b)


asyncio.run(main())
