# must: max(t[0] + t[1], t[2] + t[3], t[4] + t[5], t[6] + t[7])
import asyncio

import hermod


async def main():
    for text in ["letter", "invoice"]:
        summary = await hermod.call("summarize", text=text)
        category = await hermod.call("classify", text=f"{text}: {summary}")
        german = await hermod.call("translate", text=text, language="German")
        score = await hermod.call("embed", text=f"{text}: {german}")
        print(summary, category, german, score)


asyncio.run(main())
