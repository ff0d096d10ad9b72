import asyncio

import hermod


class Out:
    def __init__(self):
        self.parts = []

    def write(self, s):
        self.parts.append(s)


async def main():
    out = Out()
    for t in "ab":
        print(t, file=out, end="|")
        c = await hermod.call("classify", text="".join(out.parts))
        print(c, file=out)
    print(out.parts)


asyncio.run(main())
