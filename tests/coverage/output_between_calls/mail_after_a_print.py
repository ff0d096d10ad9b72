# The write comes after every call that could prevent it.
# takes: max(t[0], t[1]) + t[2]
# keeps: E2 send_mail
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    print(summary)
    category = await hermod.call("classify", text="letter")
    print(category)
    await hermod.call("send_mail", to="ann", text="it has come")  # <- here
    print("sent")


asyncio.run(main())
