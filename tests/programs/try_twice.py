import asyncio

import hermod


async def main():
    try:
        category = await hermod.call("classify", text="a")
    except hermod.CallError as error:
        category = f"failed: {error}"
    try:
        summary = await hermod.call("summarize", text="a")
    except hermod.CallError as error:
        summary = f"failed: {error}"
    print(category)
    print(summary)


asyncio.run(main())
