import asyncio

import hermod


tasks = [("ask", "a"), ("sum", "b", 2), ["ask", "c"], {"op": "x", "rest": 1}, 7]


async def main():
    for task in tasks:
        match task:
            case ("ask", t) | ["ask", t]:
                r = await hermod.call("classify", text=t)
            case ("sum", t, n) if n > 1:
                r = await hermod.call("summarize", text=t * n)
            case {"op": op, **rest}:
                r = f"{op}{rest}"
            case int(n):
                r = n
        print(r)
    print(t, n, r)


asyncio.run(main())
