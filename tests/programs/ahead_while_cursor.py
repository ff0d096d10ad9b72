import asyncio

import hermod


async def main():
    cursor = "start"
    seen = 0
    while seen < 6:
        page = await hermod.call("summarize", text=cursor)
        for word in ["x", "y"]:
            detail = await hermod.call("classify", text=page + word)
            print(detail)
            seen += 1
        cursor = page + "next"


asyncio.run(main())
