import asyncio

import hermod


async def main():
    for t in ["a", "b", "c"]:
        c = await hermod.call("classify", text=t)
        if c > "m":
            await hermod.call("send_mail", to=t, text=c)
        print(await hermod.call("count_mails", to=t))


asyncio.run(main())
