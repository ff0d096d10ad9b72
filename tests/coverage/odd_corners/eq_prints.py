import asyncio

import hermod


class E:
    def __eq__(self, other):
        print("eq")
        return True


async def main():
    a = await hermod.call("classify", text="a")
    if E() == 1:
        b = await hermod.call("classify", text="b")
        print(a, b)


asyncio.run(main())
