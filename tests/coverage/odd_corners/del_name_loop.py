import asyncio

import hermod


async def main():
    x = "q"
    a = await hermod.call("classify", text=x)
    del x
    try:
        print(x)
    except NameError as e:
        print("no", type(e).__name__)
    x = await hermod.call("classify", text="y")
    print(a, x)


asyncio.run(main())
