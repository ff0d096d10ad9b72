# Entering and leaving print; the calls inside need neither.
# must: max(t)
import asyncio
from contextlib import contextmanager

import hermod


@contextmanager
def section(title):
    print("<", title)
    yield
    print(">", title)


async def main():
    with section("letters"):
        summary = await hermod.call("summarize", text="letter")
        category = await hermod.call("classify", text="letter")
        print(summary, category)


asyncio.run(main())
