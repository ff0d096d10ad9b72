# must: max(t)
import asyncio

import hermod


async def main():
    report = "Report\n"
    for number, text in enumerate(["letter", "invoice"], 1):
        summary = await hermod.call("summarize", text=text)
        category = await hermod.call("classify", text=text)
        report += f"{number}. {summary} ({category})\n"
    print(report.strip())


asyncio.run(main())
