# `asyncio.run` is not a method of the program's: what `run` is given is known.
# must: max(t[0], t[1]) + t[2]
import asyncio

import hermod


class Report:
    def __init__(self, queues):
        self.queues = queues
        self.tickets = {}

    async def collect(self):
        for queue in self.queues:
            self.tickets[queue] = await hermod.call("list_tickets", queue=queue)

    async def run(self):
        await self.collect()
        print(await hermod.call("summarize", text=f"{self.tickets}"))


async def main():
    await Report(["open", "late"]).run()


asyncio.run(main())
