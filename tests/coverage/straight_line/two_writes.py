# A failure of the first write prevents the second, whatever states they are of.
# keeps: E2 send_mail
import asyncio

import hermod


async def main():
    await hermod.call("count_up", name="visits", by=1)
    sent = await hermod.call("send_mail", to="ann", text="a visitor")  # <- here
    print(sent)


asyncio.run(main())
