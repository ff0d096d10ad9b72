import asyncio

import hermod


memo = {}


async def ask(t):
    if t in memo:
        return "memo " + memo[t]
    memo[t] = await hermod.call("classify", text=t)
    return memo[t]


async def main():
    for t in ["a", "b", "a"]:
        print(await ask(t))
    print(memo)


asyncio.run(main())
