# keeps: E2 send_mail
import asyncio

import hermod


async def main():
    for name in ["ann", "bob", "cid"]:  # <- here
        sent = await hermod.call("send_mail", to=name, text="hello")  # <- here
        print(name, sent)


asyncio.run(main())
