# ideal: t[0] + t[1]
# The test stands in the context manager, which may raise before the body begins.
import asyncio
from contextlib import contextmanager

import hermod


@contextmanager
def allowed(score):
    if score > 1000:
        raise PermissionError(score)
    yield


async def main():
    score = await hermod.call("embed", text="a")
    with allowed(score):
        print(await hermod.call("classify", text="b"))


asyncio.run(main())
