import asyncio

import hermod


async def main():
    for n in [2, 1, 0]:
        try:
            c = await hermod.call("classify", text=str(10 // n))
        except ZeroDivisionError:
            c = "inf"
        except hermod.CallError as e:
            c = str(e)
        print(n, c)


asyncio.run(main())
