import asyncio

import hermod


class S:
    def __str__(self):
        print("str")
        return "s"


async def main():
    a = await hermod.call("classify", text="a")
    b = await hermod.call("classify", text=f"{S()}")
    c = await hermod.call("classify", text=str(S()))
    print(a, b, c)


asyncio.run(main())
