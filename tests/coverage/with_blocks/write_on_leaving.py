# Leaving the block writes, and comes after all that is inside.
# takes: max(t[0], t[1]) + t[2]
# keeps: E2 send_mail
import asyncio

import hermod


class Notified:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await hermod.call("send_mail", to="ann", text="done")  # <- here


async def main():
    async with Notified():  # <- here
        summary = await hermod.call("summarize", text="letter")
        category = await hermod.call("classify", text="letter")
        print(summary, category)


asyncio.run(main())
