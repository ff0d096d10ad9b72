# Whether the call is made hangs on the result, as the context manager raises.
# keeps: E3 allowed
import asyncio
from contextlib import contextmanager

import hermod


@contextmanager
def allowed(score):
    if score > 1000:
        raise PermissionError(score)
    yield


async def main():
    score = await hermod.call("embed", text="letter")
    with allowed(score):
        summary = await hermod.call("summarize", text="letter")  # <- here
        print(summary)


asyncio.run(main())
