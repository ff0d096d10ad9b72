import asyncio

import hermod


async def main():
    for language in ["de", "fr"]:
        words = []
        for text in ["one", "two"]:
            word = await hermod.call("translate", text=text, language=language)
            words.append(word)
        print(language, words)


asyncio.run(main())
