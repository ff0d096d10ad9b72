import asyncio

import hermod


async def main():
    for t in "ab":
        try:
            c = await hermod.call("classify", text=t)
        except hermod.CallError:
            print("bad")
        else:
            print("good", await hermod.call("summarize", text=c))
        finally:
            print("fin", t)


asyncio.run(main())
