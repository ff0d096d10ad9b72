import asyncio

import hermod


def score(x):
    print("score", x)
    return x


async def main():
    for w in [["b", "a"], ["d", "c"]]:
        r = await hermod.call("classify", text=w[0])
        s = sorted(w, key=score)
        t = await hermod.call("classify", text=s[0])
        print(r, t)


asyncio.run(main())
