# ideal: max(t[0] + t[2], t[1] + t[3])
# Attributes of one object do not mix with those of another.
import asyncio

import hermod


class Report:
    def __init__(self, text):
        self.text = text
        self.note = None

    async def look(self):
        self.note = await hermod.call("summarize", text=self.text)

    async def name(self):
        return await hermod.call("classify", text=self.note)


async def main():
    reports = [Report("a"), Report("b")]
    for report in reports:
        await report.look()
    for report in reports:
        print(await report.name())


asyncio.run(main())
