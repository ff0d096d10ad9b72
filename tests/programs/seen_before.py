import asyncio

import hermod


async def main():
    seen = set()
    for text in await hermod.call("search", query="letters"):
        for word in await hermod.call("search", query=text):
            if word in seen:
                continue
            seen.add(word)
            german = await hermod.call("translate", text=word, language="de")
            french = await hermod.call("translate", text=word, language="fr")
            print(word, german + french)


asyncio.run(main())
