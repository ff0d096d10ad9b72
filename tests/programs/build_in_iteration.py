import asyncio

import hermod


async def main():
    for topic in ["cats", "dogs"]:
        parts = []
        for language in ["de", "fr"]:
            parts.append(await hermod.call("translate", text=topic, language=language))
        summary = await hermod.call("summarize", text=" ".join(parts))
        print(topic, summary)


asyncio.run(main())
