# Two comprehensions, one after the other.
# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["invoice", "letter", "poster"]
    scores = {text: await hermod.call("embed", text=text) for text in texts}
    kinds = {await hermod.call("classify", text=text) for text in texts}
    print(scores, sorted(kinds))


asyncio.run(main())
