# must: max(t)
import asyncio

import hermod

QUESTIONS = {"colour": "what colour is it?", "size": "how large is it?"}
LANGUAGES = ("German", "Dutch")
LIMIT = 2


async def main():
    for name, question in QUESTIONS.items():
        print(name, await hermod.call("classify", text=question))
    for language in LANGUAGES[:LIMIT]:
        print(await hermod.call("translate", text=QUESTIONS["size"], language=language))


asyncio.run(main())
