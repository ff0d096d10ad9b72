# must: max(t)
import asyncio

import hermod


async def main():
    ask = lambda question: hermod.call("classify", text=question + "?")
    texts = sorted(["why", "when", "where it is"], key=lambda text: -len(text))
    for text in texts:
        print(text, await ask(text))


asyncio.run(main())
