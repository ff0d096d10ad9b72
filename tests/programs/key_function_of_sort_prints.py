import asyncio

import hermod


def score(x):
    print("score", x)
    return x


async def main():
    for w in ["ab", "cd"]:
        r = await hermod.call("classify", text=w)
        s = ["b", "a", w]
        s.sort(key=score)
        t = await hermod.call("classify", text=s[0])
        print(r, t)


asyncio.run(main())
