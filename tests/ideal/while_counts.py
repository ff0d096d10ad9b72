# ideal: max(t)
# The test looks at a counter, not at a call.
import asyncio

import hermod


async def main():
    count = 0
    while count < 3:
        print(await hermod.call("classify", text=f"try {count}"))
        count += 1


asyncio.run(main())
