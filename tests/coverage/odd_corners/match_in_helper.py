import asyncio

import hermod


async def do(cmd):
    match cmd.split():
        case ["c", t]:
            return await hermod.call("classify", text=t)
        case ["w", name]:
            return await hermod.call("count_up", name=name, by=1)
        case _:
            raise ValueError(cmd)


async def main():
    for cmd in ["c a", "w b", "c b", "w b"]:
        print(await do(cmd))
    try:
        await do("zz")
    except ValueError as e:
        print("bad", e)
    print(await hermod.call("read_counter", name="b"))


asyncio.run(main())
