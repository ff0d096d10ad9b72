# Per text: the keywords, then all of them at once. Three and four keywords are found.
# must: max(t[0] + max(t[1:4]), t[4] + max(t[5:9]))
import asyncio

import hermod


async def main():
    for text in ["a letter", "an invoice"]:
        words = await hermod.call("keywords", text=text)
        for word in words:
            german = await hermod.call("translate", text=word, language="German")
            print(text, word, german)


asyncio.run(main())
