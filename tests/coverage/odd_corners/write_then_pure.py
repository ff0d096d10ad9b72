import asyncio

import hermod


async def main():
    await hermod.call("count_up", name="a", by=1)
    c = await hermod.call("classify", text="c")
    print(c)
    await hermod.call("send_mail", to="x", text="t")
    print(await hermod.call("read_counter", name="a"))


asyncio.run(main())
