# The failure of the first call would prevent the write.
# keeps: E2 send_mail
import asyncio

import hermod


async def main():
    try:
        summary = await hermod.call("summarize", text="letter")
        await hermod.call("send_mail", to="ann", text="the letter has come")  # <- here
        print(summary)
    except hermod.CallError as error:
        print("not sent:", error)


asyncio.run(main())
