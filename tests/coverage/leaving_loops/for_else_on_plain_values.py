# No `break` is reached: the call in `else` hangs on plain values only.
# must: max(t)
import asyncio

import hermod


async def main():
    wanted = "poster"
    for text in ["letter", "invoice"]:
        print(await hermod.call("classify", text=text))
        if text == wanted:
            break
    else:
        print("not there:", await hermod.call("price", item=wanted))


asyncio.run(main())
