# Only plain values decide, so the call of the arm is issued at once.
# must: max(t)
import asyncio

import hermod


async def main():
    kind = "letter"
    score = await hermod.call("embed", text=kind)
    if kind == "invoice":
        answer = await hermod.call("price", item="invoice")
    elif kind == "letter":
        answer = await hermod.call("summarize", text="letter")
    else:
        answer = None
    total = await hermod.call("price", item="stamp")
    print(score, answer, total)


asyncio.run(main())
