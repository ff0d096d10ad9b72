# Calls after the `try` are issued right before it; its own call is made in its first half, and once.
import asyncio

import hermod


async def main():
    best = await hermod.call("classify", text="maple")
    try:
        entries = await hermod.call("list_tickets", queue=best)
    except hermod.CallError:
        print([await hermod.call("embed", text=word) for word in ["a", "b"]])
    else:
        pass
    finally:
        print("asked")
    print(await hermod.call("summarize", text=best))


asyncio.run(main())
