# `suppress` catches failures, which are no tests for pure calls.
# must: max(t)
import asyncio
import contextlib

import hermod


async def main():
    with contextlib.suppress(hermod.CallError):
        print(await hermod.call("summarize", text="letter"))
        print(await hermod.call("classify", text="letter"))
    print(await hermod.call("price", item="stamp"))


asyncio.run(main())
