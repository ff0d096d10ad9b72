# What is collected in the object is no argument of the calls.
# must: max(t)
import asyncio

import hermod


class Report:
    def __init__(self):
        self.lines = []

    async def add(self, text):
        summary = await hermod.call("summarize", text=text)
        self.lines.append(f"{text}: {summary}")


async def main():
    report = Report()
    for text in ["letter", "invoice", "poster"]:
        await report.add(text)
    print("\n".join(report.lines))


asyncio.run(main())
