import asyncio

import hermod


async def main():
    r = await hermod.call("glip", image="x", object_name="y")
    match r:
        case [first, *rest]:
            print(first, len(rest), await hermod.call("embed", text=str(first["x"])))
        case _:
            print("none")
    print(await hermod.call("classify", text="z"))


asyncio.run(main())
