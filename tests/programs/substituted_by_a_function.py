import asyncio
import re

import hermod


def score(x):
    print("score", x.group())
    return "z"


async def main():
    for w in ["ab", "cd"]:
        r = await hermod.call("classify", text=w)
        s = re.sub("a", score, r)
        t = await hermod.call("classify", text=s)
        print(r, t)


asyncio.run(main())
