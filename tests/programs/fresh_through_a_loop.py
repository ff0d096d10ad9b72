import asyncio

import hermod


async def main():
    kept = []
    for text in ["a", "b"]:
        row = []
        for language in ["de", "fr"]:
            row.append(await hermod.call("translate", text=text, language=language))
            kept.append(row)
            print(len(kept), [len(one) for one in kept])
        row.append(await hermod.call("summarize", text=text))
        print(kept)


asyncio.run(main())
