import asyncio

import hermod


async def main():
    for t in []:
        c = await hermod.call("classify", text=t)
    try:
        print(c)
    except UnboundLocalError as e:
        print("unbound")
    print(await hermod.call("embed", text="x"), await hermod.call("embed", text="y"))


asyncio.run(main())
