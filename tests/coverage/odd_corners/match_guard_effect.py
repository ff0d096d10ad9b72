import asyncio

import hermod


def loud(x):
    print("guard", x)
    return True


async def main():
    x = "a"
    c = await hermod.call("classify", text="c")
    match x:
        case "a" if loud(c):
            print(await hermod.call("embed", text="d"))
    print(await hermod.call("classify", text="e"))


asyncio.run(main())
