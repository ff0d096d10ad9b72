import asyncio

import hermod


async def main():
    x = "a"
    c = await hermod.call("classify", text=x)
    del x
    try:
        print(x)
    except NameError as e:
        print("gone")
    d = await hermod.call("classify", text="b")
    print(c, d)


asyncio.run(main())
