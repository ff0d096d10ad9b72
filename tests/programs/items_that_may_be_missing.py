# Making the list of items may fail: then not before the first print.
import asyncio

import hermod

LANGUAGES = ["de", "fr"]


async def main():
    print(await hermod.call("classify", text="amber"))
    for count, language in enumerate(["nl", LANGUAGES[4]]):
        word = await hermod.call("translate", text="maple", language=language)


asyncio.run(main())
