import asyncio

import hermod

PAGES = ["a", "b", "c"]


async def main():
    number = 0
    while True:
        try:
            text = await hermod.call("summarize", text=PAGES[number])
        except (hermod.CallError, IndexError):
            print(await hermod.call("classify", text=f"{number}"))
            break
        print(text)
        number += 1


asyncio.run(main())
