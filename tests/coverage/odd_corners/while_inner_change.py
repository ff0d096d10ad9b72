import asyncio

import hermod


async def main():
    todo = ["a", "b"]
    while todo:
        t = todo.pop()
        c = await hermod.call("classify", text=t)
        if len(t) < 2 and c > "m":
            todo.append(t + c[0])
        print(t, c)


asyncio.run(main())
