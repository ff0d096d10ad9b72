# must: max(t)
import asyncio

import hermod


async def main():
    answers = [
        await hermod.call("translate", text=text, language=language)
        for text in ["good day", "good night"]
        for language in ["German", "Dutch"]
        if text != language
    ]
    print(answers)


asyncio.run(main())
