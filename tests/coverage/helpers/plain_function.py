# must: max(t)
import asyncio

import hermod


def heading(text, width=20):
    return f"{text.upper():-^{width}}"


async def main():
    for text in ["letter", "invoice", "poster"]:
        print(heading(await hermod.call("summarize", text=heading(text, width=10))))


asyncio.run(main())
