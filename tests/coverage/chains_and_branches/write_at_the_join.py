# Both chains run side by side; the write waits for the two.
# takes: max(t[0] + t[1], t[2]) + t[3]
# keeps: E2 send_mail
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    category = await hermod.call("classify", text=summary)
    price = await hermod.call("price", item="stamp")
    await hermod.call("send_mail", to="ann", text="it has come")  # <- here
    print(summary, category, price)


asyncio.run(main())
