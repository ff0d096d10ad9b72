# The list grows by what the calls find.
# keeps: A6 walks along
import asyncio

import hermod


async def main():
    texts = ["letter"]
    for text in texts:  # <- here
        category = await hermod.call("classify", text=text)
        print(text, category)
        if len(texts) < 4:
            texts.append(category + text)


asyncio.run(main())
