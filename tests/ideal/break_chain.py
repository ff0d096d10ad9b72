# ideal: t[0] + t[1] + t[2] + t[3]
# Each iteration hangs on the break tests before it; the call after the loop does not, but looks at the name.
import asyncio

import hermod


async def main():
    best = 0.0
    for text in ["a", "b", "c"]:
        score = await hermod.call("embed", text=text)
        if score < 0:
            break
        best = score
    print(best, await hermod.call("classify", text=f"best {best}"))


asyncio.run(main())
