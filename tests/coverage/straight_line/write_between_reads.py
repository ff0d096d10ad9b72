# The write comes after the read before it, and before the read after it.
# keeps: E2 count_up
import asyncio

import hermod


async def main():
    before = await hermod.call("read_counter", name="visits")
    await hermod.call("count_up", name="visits", by=1)  # <- here
    after = await hermod.call("read_counter", name="visits")
    print(before, after)


asyncio.run(main())
