import asyncio

import hermod


async def main():
    a = await hermod.call("read_counter", name="a")
    b = await hermod.call("count_up", name="a", by=1)
    c = await hermod.call("read_counter", name="a")
    d = await hermod.call("read_counter", name="b")
    e = await hermod.call("close_ticket", id=1, reason="x")
    f = await hermod.call("get_ticket", id=1)
    print(a, b, c, d, e, f)


asyncio.run(main())
