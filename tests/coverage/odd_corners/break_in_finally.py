import asyncio

import hermod


async def main():
    for t in "abc":
        try:
            print(await hermod.call("classify", text=t))
        finally:
            break
    print(await hermod.call("embed", text="x"))


asyncio.run(main())
