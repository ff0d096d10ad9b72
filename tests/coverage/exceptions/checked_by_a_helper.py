# Whether the second call is made hangs on what the helper makes of the first result.
# keeps: E3 check
import asyncio

import hermod


def check(score):
    if score > 1000:
        raise ValueError(score)


async def main():
    score = await hermod.call("embed", text="letter")
    check(score)
    summary = await hermod.call("summarize", text="letter")  # <- here
    print(score, summary)


asyncio.run(main())
